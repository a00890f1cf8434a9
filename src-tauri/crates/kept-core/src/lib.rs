//! What is true of promises: plain functions over plain data.
//!
//! Deliberately absent: a clock, a disk, randomness, threads, async. Whoever asks says what time it is.

pub mod alert;
pub mod calendar;
pub mod commitment;
pub mod customer;
pub mod day;
pub mod draft;
pub mod fulfil;
pub mod id;
pub mod import;
pub mod money;
pub mod outcome;
pub mod problem;
pub mod search;
pub mod settings;
pub mod urgency;
pub mod views;
pub mod words;

#[cfg(test)]
mod samples;
