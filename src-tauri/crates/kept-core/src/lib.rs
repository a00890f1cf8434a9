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
pub mod cause;
pub mod channel;
pub mod chore;
pub mod commitment;
pub mod customer;
pub mod day;
pub mod draft;
pub mod evidence;
pub mod feedback;
pub mod forget;
pub mod fulfil;
pub mod guards;
pub mod id;
pub mod idea;
pub mod import;
pub mod insights;
pub mod link;
pub mod list;
pub mod merge;
pub mod money;
pub mod moving;
pub mod offer;
pub mod outcome;
pub mod owed;
pub mod packing_slip;
pub mod payment;
pub mod phone;
pub mod problem;
pub mod promise_check;
pub mod recovery;
pub mod reminder;
pub mod repeat;
pub mod reply_clock;
pub mod search;
pub mod series;
pub mod settings;
pub mod slip;
pub mod slip_mark;
pub mod step;
pub mod taken;
pub mod tell;
pub mod template;
pub mod urgency;
pub mod views;
pub mod win;
pub mod words;
pub mod workload;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod stories;
