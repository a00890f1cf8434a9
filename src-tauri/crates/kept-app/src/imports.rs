//! Stub.
use crate::Kept;use crate::failure::Failure;use crate::takes::*;use kept_core::views::*;
pub(crate) async fn look_into_file(_: &Kept, _: LookInto) -> Result<ImportPreview, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn bring_in(_: &Kept, _: LookInto) -> Result<TheImport, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn import_progress(_: &Kept, _: TheImport) -> Result<ImportProgress, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn cancel_import(_: &Kept, _: TheImport) -> Result<Done, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn undo_import(_: &Kept, _: TheImport) -> Result<Done, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn imports(_: &Kept, _: Nothing) -> Result<PastImports, Failure> { Ok(PastImports{imports:vec![]}) }
pub(crate) async fn to_the_end(_: &Kept, _: &std::path::Path, _: Option<u32>) -> Result<ImportEnd, Failure> { Err(Failure::bug("stub")) }
