//! The board: promises by how far they have come.

use crate::Kept;
use crate::failure::Failure;
use crate::lists;
use crate::takes::lists::BoardQuery;
use kept_core::commitment::FulfilmentStatus;
use kept_core::id::CommitmentId;
use kept_core::views::lists::{Board, BoardColumn};

/// No column begins with more rows; what lies below is a list of its status.
const ROWS_MOST: u32 = 50;

/// The columns. What was called off is no stage of the work: lists show it.
const COLUMNS: [(FulfilmentStatus, &str); 6] = [
    (FulfilmentStatus::Open, "Not begun"),
    (FulfilmentStatus::InProgress, "In progress"),
    (FulfilmentStatus::Waiting, "Waiting"),
    (FulfilmentStatus::Ready, "Ready"),
    (FulfilmentStatus::PartlyDelivered, "Partly handed over"),
    (FulfilmentStatus::Delivered, "Handed over"),
];

/// Promises by how far they have come.
pub(crate) async fn board(kept: &Kept, takes: BoardQuery) -> Result<Board, Failure> {
    let now = kept.now();
    let most = takes.limit.min(ROWS_MOST) as usize;
    let columns = lists::look_at(kept, &now, takes.list, |catalogue, numbers| {
        COLUMNS.map(|(status, name)| {
            let mut column: (FulfilmentStatus, &str, u32, Vec<CommitmentId>) = (status, name, 0, Vec::new());
            for item in
                numbers.iter().map(|number| catalogue.item(*number)).filter(|item| item.status == status)
            {
                column.2 += 1;
                if column.3.len() < most {
                    column.3.push(item.id);
                }
            }
            column
        })
    })
    .await?;
    let mut board = Board { columns: Vec::with_capacity(columns.len()) };
    for (status, name, count, ids) in columns {
        let rows = lists::rows_of(kept, &ids, &now).await?;
        board.columns.push(BoardColumn { status, name: name.to_owned(), count, rows });
    }
    Ok(board)
}
