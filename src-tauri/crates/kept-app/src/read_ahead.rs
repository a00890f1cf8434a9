//! A source that is read on a thread of its own, while what came before is worked on.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

const CHUNK: usize = 64 * 1024;
/// So many chunks are read ahead at most.
const AHEAD: usize = 32;

/// What a thread reads from a source.
pub(crate) struct ReadAhead {
    /// Nothing more comes when it is gone.
    coming: Option<Receiver<io::Result<Vec<u8>>>>,
    thread: Option<JoinHandle<()>>,
    chunk: Vec<u8>,
    at: usize,
}

impl ReadAhead {
    pub(crate) fn new(mut source: impl Read + Send + 'static) -> io::Result<Self> {
        let (send, coming) = sync_channel(AHEAD);
        let read = move || {
            loop {
                let mut chunk = Vec::new();
                let read = match source.by_ref().take(CHUNK as u64).read_to_end(&mut chunk) {
                    Ok(0) => return,
                    read => read.map(|_| chunk),
                };
                let is_over = read.is_err();
                // If it cannot be sent, nobody waits for it any more.
                if send.send(read).is_err() || is_over {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name(String::from("read ahead")).spawn(read)?;
        Ok(Self { coming: Some(coming), thread: Some(thread), chunk: Vec::new(), at: 0 })
    }
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.chunk.len() {
            match self.coming.as_ref().map(Receiver::recv) {
                Some(Ok(chunk)) => (self.chunk, self.at) = (chunk?, 0),
                Some(Err(_)) | None => break,
            }
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.chunk.len());
    }
}

impl Read for ReadAhead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut here = self.fill_buf()?;
        let read = here.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl Drop for ReadAhead {
    /// The source is let go of: what is read may be removed right after.
    fn drop(&mut self) {
        self.coming = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_ahead_is_what_was_there() {
        let bytes: Vec<u8> = (0..u8::MAX).cycle().take(3_000_000).collect();
        let mut read = Vec::new();
        ReadAhead::new(io::Cursor::new(bytes.clone())).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }

    #[test]
    fn an_error_comes_after_what_could_be_read() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the stick was pulled out"))
            }
        }
        let mut ahead = ReadAhead::new(io::Cursor::new(vec![7; CHUNK]).chain(Failing)).unwrap();
        let mut read = vec![0; CHUNK];
        ahead.read_exact(&mut read).unwrap();
        assert_eq!(read, vec![7; CHUNK]);
        assert_eq!(ahead.read(&mut read).unwrap_err().to_string(), "the stick was pulled out");
    }

    #[test]
    fn whoever_reads_no_further_lets_go_of_the_source() {
        let mut ahead = ReadAhead::new(io::repeat(1)).unwrap();
        assert_eq!(ahead.fill_buf().unwrap()[0], 1);
        drop(ahead);
    }
}
