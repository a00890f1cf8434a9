//! What the owner has set.

use crate::Kept;
use crate::commit::Writing;
use crate::failure::{Code, Failure};
use crate::records::{Changes, Record};
use crate::takes::Nothing;
use crate::takes::lists::{RemoveView, SaveView, SetKey};
use kept_core::list::SavedView;
use kept_core::settings::Settings;
use kept_core::views::Done;

/// What the owner has set.
pub(crate) async fn settings(kept: &Kept, _: Nothing) -> Result<Settings, Failure> {
    Ok(kept.settings())
}

/// The owner sets something else. Dates keep their days and hours; the instants follow the new calendar.
pub(crate) async fn change_settings(kept: &Kept, takes: Settings) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    write(kept, &writing, takes, "Changed the settings".to_owned()).await
}

/// A list gets a name, or a view another list or name.
pub(crate) async fn save_view(kept: &Kept, takes: SaveView) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    let view = SavedView { name: takes.view.name.trim().to_owned(), list: takes.view.list };
    let said = format!("Saved the view “{}”", view.name);
    match takes.instead_of {
        Some(name) => *named(&mut settings, &name)? = view,
        None => settings.views.push(view),
    }
    write(kept, &writing, settings, said).await.map_err(of_one_view)
}

/// A view is no longer needed.
pub(crate) async fn remove_view(kept: &Kept, takes: RemoveView) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    named(&mut settings, &takes.name)?;
    settings.views.retain(|view| view.name != takes.name);
    write(kept, &writing, settings, format!("Removed the view “{}”", takes.name)).await
}

/// An action gets another key, none, or its usual one again.
pub(crate) async fn set_key(kept: &Kept, takes: SetKey) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    let said = if let Some(key) = takes.key {
        let said = if key.is_empty() { "Took a key away".to_owned() } else { format!("{key} is a key now") };
        settings.keys.insert(takes.action, key);
        said
    } else {
        settings.keys.remove(&takes.action);
        "Gave an action its usual key".to_owned()
    };
    write(kept, &writing, settings, said).await
}

fn named<'a>(settings: &'a mut Settings, name: &str) -> Result<&'a mut SavedView, Failure> {
    let view = settings.views.iter_mut().find(|view| view.name == name);
    view.ok_or_else(|| Failure::new(Code::NotFound, format!("There is no view “{name}” any more.")))
}

/// The form of one view knows its fields by their own names.
fn of_one_view(mut failure: Failure) -> Failure {
    for problem in &mut failure.problems {
        if let Some((_, field)) = problem.field.strip_prefix("views.").and_then(|rest| rest.split_once('.')) {
            problem.field = field.to_owned();
        }
    }
    failure
}

pub(crate) async fn write(
    kept: &Kept,
    writing: &Writing<'_>,
    after: Settings,
    said: String,
) -> Result<Done, Failure> {
    let problems = after.problems();
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let before = kept.shop().settings.clone();
    if before.it == after {
        return Ok(Done { change: 0, said, promise: None });
    }
    let mut changes = Changes::new(said.clone(), None);
    // Until they are first changed the settings are what a new shop starts with, and no record.
    let record = (before.last > 0).then(|| before.map(Record::Settings));
    changes.put(record, Record::Settings(after));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}
