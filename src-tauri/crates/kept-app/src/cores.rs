//! Work that is shared out over all cores, and whose results come in the order in which it was given.

use std::io;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};

/// More do not help: what is given out is read by one.
const MOST: usize = 4;

/// Those who work, each in its turn.
pub(crate) struct Cores<T, R> {
    each: Vec<(SyncSender<T>, Receiver<R>)>,
    ahead: usize,
    given: usize,
    taken: usize,
}

impl<T: Send, R: Send> Cores<T, R> {
    /// Begins as many threads as there are cores, for each of which up to so many pieces of work wait.
    pub(crate) fn begin<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        ahead: usize,
        work: &'env (impl Fn(T) -> R + Sync),
    ) -> io::Result<Self>
    where
        T: 'scope,
        R: 'scope,
    {
        let many = thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
        let each: io::Result<Vec<_>> = (0..many)
            .map(|_| {
                let (give, given) = sync_channel::<T>(ahead);
                let (send, take) = sync_channel(ahead);
                // When nobody takes any more, it is over.
                let run = move || {
                    given.into_iter().try_for_each(|it| send.send(work(it)).ok());
                };
                thread::Builder::new().name(String::from("sharing work")).spawn_scoped(scope, run)?;
                Ok((give, take))
            })
            .collect();
        Ok(Self { each: each?, ahead, given: 0, taken: 0 })
    }

    /// Whether more can be given without waiting.
    pub(crate) fn have_room(&self) -> bool {
        self.given < self.taken + self.each.len() * self.ahead
    }

    /// Gives the next piece of work.
    pub(crate) fn give(&mut self, it: T) {
        // Were it gone, there would be nothing to take from it.
        let _ = self.each[self.given % self.each.len()].0.send(it);
        self.given += 1;
    }

    /// The next result; none if no more was given. Where a piece of work fell, so does whoever began it.
    pub(crate) fn take(&mut self) -> Option<R> {
        if self.taken == self.given {
            return None;
        }
        let taken = self.each[self.taken % self.each.len()].1.recv();
        self.taken += 1;
        taken.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_in_which_work_was_given() {
        let work = |number: u64| {
            // The first ones take longest.
            (0..(200 - number) * 50)
                .fold(number, |sum, more| sum.wrapping_add(more % 2).wrapping_sub(more % 2))
        };
        let results = thread::scope(|scope| {
            let mut cores = Cores::begin(scope, 2, &work).unwrap();
            let (mut numbers, mut results) = (0..200_u64, Vec::new());
            loop {
                while cores.have_room()
                    && let Some(number) = numbers.next()
                {
                    cores.give(number);
                }
                match cores.take() {
                    Some(result) => results.push(result),
                    None => return results,
                }
            }
        });
        assert_eq!(results, (0..200).collect::<Vec<u64>>());
    }

    #[test]
    fn whoever_has_enough_leaves_the_rest() {
        let first = thread::scope(|scope| {
            let mut cores = Cores::begin(scope, 1, &|number: u32| number + 1).unwrap();
            while cores.have_room() {
                cores.give(7);
            }
            cores.take()
        });
        assert_eq!(first, Some(8));
    }
}
