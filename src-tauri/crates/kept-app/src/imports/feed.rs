//! The orders of an import, some at a time: those of small files are held, those of large ones are read while the ones
//! before them are written.

use super::bringing::CHUNK;
use super::large::LargeFile;
use crate::failure::Failure;
use kept_core::import::OrderDraft;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::vec::IntoIter;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

/// All orders of an import.
pub(super) struct Feed {
    held: IntoIter<OrderDraft>,
    large: VecDeque<Arc<LargeFile>>,
    coming: Option<Coming>,
    names: NamesApart,
    begins: bool,
}

/// The orders of a large file that is being read.
struct Coming {
    orders: Receiver<Vec<OrderDraft>>,
    reading: JoinHandle<Result<(), Failure>>,
}

/// Some orders.
pub(super) struct Portion {
    pub orders: Vec<OrderDraft>,
    /// They are the first of their file: they may be the same as those of the files before.
    pub begins: bool,
}

impl Feed {
    pub(super) fn new(held: Vec<OrderDraft>, large: Vec<Arc<LargeFile>>) -> Self {
        let (held, large) = (held.into_iter(), large.into());
        Self { held, large, coming: None, names: NamesApart::default(), begins: true }
    }

    /// The next ones; none if that was all.
    pub(super) async fn next(&mut self) -> Result<Option<Portion>, Failure> {
        let Some(mut orders) = self.orders().await? else { return Ok(None) };
        self.names.name_apart(&mut orders);
        Ok(Some(Portion { orders, begins: std::mem::take(&mut self.begins) }))
    }

    async fn orders(&mut self) -> Result<Option<Vec<OrderDraft>>, Failure> {
        let held: Vec<OrderDraft> = self.held.by_ref().take(CHUNK).collect();
        if !held.is_empty() {
            return Ok(Some(held));
        }
        loop {
            if let Some(Coming { orders, reading }) = &mut self.coming {
                if let Some(orders) = orders.recv().await {
                    return Ok(Some(orders));
                }
                // Whether it ended or fell.
                reading.await.map_err(Failure::bug)??;
                self.coming = None;
            }
            let Some(file) = self.large.pop_front() else { return Ok(None) };
            // No more than one portion waits, so that little is held.
            let (sender, orders) = channel(1);
            let reading = tokio::task::spawn_blocking(move || send(&file, &sender));
            self.coming = Some(Coming { orders, reading });
            self.names = NamesApart::default();
            self.begins = true;
        }
    }
}

/// Reads the orders of a file, until nobody wants any more.
fn send(file: &LargeFile, sender: &Sender<Vec<OrderDraft>>) -> Result<(), Failure> {
    file.orders(|orders| {
        let mut orders = orders.into_iter();
        loop {
            let some: Vec<OrderDraft> = orders.by_ref().take(CHUNK).collect();
            if some.is_empty() {
                return ControlFlow::Continue(());
            }
            if sender.blocking_send(some).is_err() {
                return ControlFlow::Break(());
            }
        }
    })
}

/// Sees to it that no two orders of one file claim the same name. Names are known by a mark, which takes less room.
#[derive(Default)]
struct NamesApart {
    claimed: HashSet<u64>,
    marks: RandomState,
}

impl NamesApart {
    fn name_apart(&mut self, orders: &mut [OrderDraft]) {
        for draft in orders {
            if !self.claim(draft) {
                draft.order = super::known::longer_name(draft);
                self.claim(draft);
            }
        }
    }

    fn claim(&mut self, draft: &OrderDraft) -> bool {
        self.claimed.insert(self.marks.hash_one((draft.shop, &draft.order)))
    }
}
