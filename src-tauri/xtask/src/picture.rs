//! A picture of the display, from the X server's own dump to a PNG file.

use std::fs;
use std::path::Path;

/// Red, green and blue, row by row.
#[derive(PartialEq, Eq)]
pub(crate) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// Reads an X window dump as Xvfb keeps it: 32 bits a pixel, the lowest byte first.
    pub(crate) fn of_dump(dump: &[u8]) -> Option<Self> {
        let word = |at: usize| {
            let bytes = dump.get(at * 4..at * 4 + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
        };
        let (header, width, height, order) = (word(0)?, word(4)?, word(5)?, word(7)?);
        let (bits, row_length, colours) = (word(11)?, word(12)?, word(19)?);
        if bits != 32 || order != 0 {
            return None;
        }
        let mut pixels = Vec::with_capacity(width * height * 3);
        for row in dump.get(header + colours * 12..)?.chunks_exact(row_length).take(height) {
            for pixel in row.chunks_exact(4).take(width) {
                pixels.extend([pixel[2], pixel[1], pixel[0]]);
            }
        }
        (pixels.len() == width * height * 3).then_some(Self { width, height, pixels })
    }

    /// Whether there is only one colour: nothing is drawn yet.
    pub(crate) fn is_blank(&self) -> bool {
        let first = self.pixels.get(..3);
        self.pixels.chunks_exact(3).all(|pixel| Some(pixel) == first)
    }

    /// Writes a PNG file.
    pub(crate) fn save(&self, to: &Path) -> Result<(), String> {
        fs::write(to, self.png()).map_err(|error| format!("{} could not be written: {error}.", to.display()))
    }

    fn png(&self) -> Vec<u8> {
        let mut rows = Vec::with_capacity(self.pixels.len() + self.height);
        for row in self.pixels.chunks_exact(self.width * 3) {
            rows.push(0);
            rows.extend(row);
        }
        let mut head = Vec::new();
        head.extend((u32::try_from(self.width).unwrap_or_default()).to_be_bytes());
        head.extend((u32::try_from(self.height).unwrap_or_default()).to_be_bytes());
        head.extend([8, 2, 0, 0, 0]);
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, *b"IHDR", &head);
        chunk(&mut png, *b"IDAT", &stored(&rows));
        chunk(&mut png, *b"IEND", &[]);
        png
    }
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
    let from = png.len();
    png.extend(kind);
    png.extend(data);
    let sum = crc(&png[from..]);
    png.extend(sum.to_be_bytes());
}

/// A zlib stream without compression: the picture is looked at once, and this needs no library.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend(((b << 16) | a).to_be_bytes());
    stream
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::{Picture, crc};

    #[test]
    fn the_sum_is_the_one_that_png_wants() {
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn a_dump_is_read_row_by_row_without_its_padding() {
        let mut words = [0_u32; 25];
        (words[0], words[4], words[5], words[11], words[12]) = (100, 1, 2, 32, 8);
        let mut dump: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        dump.extend([3, 2, 1, 0, 9, 9, 9, 9, 6, 5, 4, 0, 9, 9, 9, 9]);
        let picture = Picture::of_dump(&dump).unwrap();
        assert_eq!(picture.pixels, [1, 2, 3, 4, 5, 6]);
        assert!(!picture.is_blank());
    }
}
