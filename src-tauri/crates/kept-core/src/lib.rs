//! What is true of promises: plain functions over plain data.
//!
//! Deliberately absent: a clock, a disk, randomness, threads, async. Whoever asks says what time it is.

pub mod again;
pub mod alert;
pub mod around;
pub mod backup;
pub mod block;
pub mod blocker;
pub mod calendar;
pub mod chore;
pub mod commitment;
pub mod customer;
pub mod day;
pub mod draft;
pub mod evidence;
pub mod fulfil;
pub mod guards;
pub mod id;
pub mod import;
pub mod link;
pub mod list;
pub mod merge;
pub mod money;
pub mod moving;
pub mod offer;
pub mod outcome;
pub mod payment;
pub mod phone;
pub mod problem;
pub mod promise_check;
pub mod reminder;
pub mod repeat;
pub mod search;
pub mod series;
pub mod settings;
pub mod slip;
pub mod step;
pub mod taken;
pub mod urgency;
pub mod views;
pub mod words;
pub mod workload;

#[cfg(test)]
mod samples;
