//! A number on an icon: a red disc in the lower right corner, with up to two figures; more is `9+`.

const RED: [u8; 4] = [0xC6, 0x28, 0x28, 0xFF];
const WHITE: [u8; 4] = [0xFF; 4];

/// The figures 0 to 9 and a plus, five rows of three points each.
const FIGURES: [[u8; 5]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b000, 0b010, 0b111, 0b010, 0b000],
];
const PLUS: usize = 10;

/// Draws a number on a square picture of four bytes a point.
pub(crate) fn draw(pixels: &mut [u8], side: usize, number: u32) {
    let figures = match number as usize {
        number @ 0..=9 => vec![number],
        number @ 10..=99 => vec![number / 10, number % 10],
        _ => vec![9, PLUS],
    };
    // Five eighths of the icon: large enough to be read at 16 points, small enough to leave the icon itself.
    let disc = side * 5 / 8;
    let corner = side - disc;
    let points = (0..disc * disc).map(|at| (at % disc, at / disc));
    for (x, y) in points.clone().filter(|(x, y)| is_inside(*x, *y, disc)) {
        paint(pixels, side, corner + x, corner + y, RED);
    }
    // A point of a figure is so wide that all figures and the gaps between them fit into the disc.
    let wide = figures.len() * 4 - 1;
    let dot = (disc * 3 / 4 / wide.max(5)).max(1);
    let (left, top) = (disc.saturating_sub(wide * dot) / 2, disc.saturating_sub(5 * dot) / 2);
    for (x, y) in points.filter(|(x, y)| *x >= left && *y >= top) {
        let (column, row) = ((x - left) / dot, (y - top) / dot);
        let is_set = column % 4 < 3
            && figures
                .get(column / 4)
                .and_then(|figure| FIGURES[*figure].get(row))
                .is_some_and(|points| points >> (2 - column % 4) & 1 == 1);
        if is_set {
            paint(pixels, side, corner + x, corner + y, WHITE);
        }
    }
}

fn is_inside(x: usize, y: usize, disc: usize) -> bool {
    // Twice the distance from the middle, so that it falls on whole numbers.
    let from_middle = |at: usize| (2 * at + 1).abs_diff(disc);
    from_middle(x).pow(2) + from_middle(y).pow(2) <= disc.pow(2)
}

fn paint(pixels: &mut [u8], side: usize, x: usize, y: usize, colour: [u8; 4]) {
    let at = (y * side + x) * 4;
    if let Some(pixel) = pixels.get_mut(at..at + 4) {
        pixel.copy_from_slice(&colour);
    }
}
