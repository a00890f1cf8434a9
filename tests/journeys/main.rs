//! Journeys of an owner through the list of requests, on the real store and with a clock that the test sets.

mod bad_input;
mod lists;
mod owner;
mod undoing;
mod week;
