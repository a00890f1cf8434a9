//! Journeys of an owner through the list of requests, on the real store and with a clock that the test sets.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is how something is found to be wrong"
)]

mod backups;
mod bad_input;
mod calendar_out;
mod causes;
mod chores;
mod christmas;
mod feedback;
mod insights;
mod lists;
mod many;
mod menu;
mod nobody_blamed;
mod owner;
mod people;
mod planning;
mod privacy;
mod recovery;
mod released;
mod series;
mod shop_to_move;
mod tables_out;
mod taking_out;
mod telling;
mod undoing;
mod week;
