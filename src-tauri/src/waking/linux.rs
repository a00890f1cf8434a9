//! systemd-logind says on the system bus when the computer is about to sleep, and when it has woken.

use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;

/// Does something at each waking, on a thread of its own that waits for nothing else.
pub(super) fn on_waking(woke: impl Fn() + Send + Sync + 'static) {
    let listening = std::thread::Builder::new().name("waking".to_owned()).spawn(move || {
        if let Err(error) = listen(&woke) {
            tracing::debug!("nobody says when this computer wakes: {error}");
        }
    });
    if let Err(error) = listening {
        tracing::debug!("nothing listens to when this computer wakes: {error}");
    }
}

fn listen(woke: &dyn Fn()) -> zbus::Result<()> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.login1")?
        .path("/org/freedesktop/login1")?
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    let bus = Connection::system()?;
    for signal in MessageIterator::for_match_rule(rule, &bus, None)? {
        let sleeps: bool = signal?.body().deserialize()?;
        if !sleeps {
            woke();
        }
    }
    Ok(())
}
