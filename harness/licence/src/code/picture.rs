//! QR pictures of codes: PNG out, PNG and JPEG in. Any text is written and read; whether it is a code
//! is the reader's business. Bounded size of pictures; nothing is fetched.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits, Luma, imageops};
use qrcode::{Color, EcLevel, QrCode, Version};

/// Largest picture file that is read, bytes.
pub const FILE_MAX: usize = 16 << 20;
/// Most pixels on a side.
pub const SIDE_MAX: u32 = 8000;
/// Most memory for one picture, bytes.
const MEMORY_MAX: u64 = 256 << 20;
/// Longer sides are scaled down before the search.
const SEARCH_SIDE: u32 = 1600;
/// Longer sides are not scaled up for a second try.
const SMALL_SIDE: u32 = 420;
/// Modules of light margin around a symbol.
const MARGIN: u32 = 4;
/// Light margin that is added before the search, pixels: pictures are often cut too close.
const ADDED: u32 = 16;

/// How much of a symbol may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Level M, for screens.
    Screen,
    /// Level Q, for paper.
    Paper,
}

/// A written symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The PNG.
    pub png: Vec<u8>,
    /// QR version, 1 to 40.
    pub version: u8,
    /// Modules on a side, margin not counted.
    pub modules: u32,
}

/// Why a picture cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The text does not fit the largest symbol.
    #[error("{found} characters do not fit a QR code")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// The file is neither PNG nor JPEG, damaged, or too large.
    #[error("no picture that can be read: {0}")]
    Unreadable(String),
    /// The picture shows no QR code that can be read.
    #[error("the picture shows no QR code that can be read")]
    NoSymbol,
    /// The picture shows several different QR codes.
    #[error("the picture shows {found} different QR codes, wanted one")]
    Several {
        /// How many.
        found: usize,
    },
}

/// Writes the symbol of a text; `module` is the side of a module in pixels.
///
/// # Errors
/// When the text does not fit, or the picture cannot be written.
pub fn write_symbol(text: &str, correction: Correction, module: u32) -> Result<Symbol, PictureError> {
    let level = if correction == Correction::Screen { EcLevel::M } else { EcLevel::Q };
    let too_long = |_| PictureError::TooLong { found: text.len() };
    let code = QrCode::with_error_correction_level(text, level).map_err(too_long)?;
    let version = match code.version() {
        Version::Normal(version) => u8::try_from(version).unwrap_or_default(),
        Version::Micro(_) => 0,
    };
    let modules = u32::try_from(code.width()).unwrap_or_default();
    let module = module.clamp(1, 32);
    let side = (modules + 2 * MARGIN) * module;
    let colors = code.to_colors();
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| (pixel / module).checked_sub(MARGIN).filter(|place| *place < modules);
        let dark = at(x).zip(at(y)).and_then(|(column, row)| colors.get((row * modules + column) as usize));
        Luma([if dark == Some(&Color::Dark) { 0 } else { 255 }])
    });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|error| PictureError::Unreadable(error.to_string()))?;
    Ok(Symbol { png: png.into_inner(), version, modules })
}

/// Draws the symbol of a text in characters, for terminals.
///
/// # Errors
/// When the text does not fit.
pub fn draw_symbol(text: &str) -> Result<String, PictureError> {
    let too_long = |_| PictureError::TooLong { found: text.len() };
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(too_long)?;
    Ok(code.render::<qrcode::render::unicode::Dense1x2>().quiet_zone(true).build())
}

/// Whether bytes look like a picture that [`read_symbol`] reads.
#[must_use]
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

/// Reads the text of the one QR code in a picture.
///
/// # Errors
/// When the picture cannot be read, or shows no symbol or several.
pub fn read_symbol(bytes: &[u8]) -> Result<String, PictureError> {
    let picture = open(bytes)?;
    let longest = picture.width().max(picture.height());
    let scaled = |filter| picture.resize_exact(picture.width() * 3, picture.height() * 3, filter);
    for attempt in 0..3 {
        let mut texts = search(&match attempt {
            0 if longest > SEARCH_SIDE => picture.resize(SEARCH_SIDE, SEARCH_SIDE, FilterType::Triangle).to_luma8(),
            0 => picture.to_luma8(),
            _ if longest > SMALL_SIDE => break,
            1 => scaled(FilterType::Triangle).to_luma8(),
            _ => scaled(FilterType::CatmullRom).to_luma8(),
        });
        texts.sort_unstable();
        texts.dedup();
        match texts.len() {
            0 => {}
            1 => return texts.pop().ok_or(PictureError::NoSymbol),
            found => return Err(PictureError::Several { found }),
        }
    }
    Err(PictureError::NoSymbol)
}

fn open(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    let unreadable = |text: &str| PictureError::Unreadable(text.to_owned());
    if bytes.len() > FILE_MAX {
        return Err(unreadable("the file is too large"));
    }
    let format = if bytes.starts_with(b"\xff\xd8\xff") { ImageFormat::Jpeg } else { ImageFormat::Png };
    if !is_picture(bytes) {
        return Err(unreadable("neither PNG nor JPEG"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    reader.decode().map_err(|error| PictureError::Unreadable(error.to_string()))
}

fn search(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let mut padded = GrayImage::from_pixel(width + 2 * ADDED, height + 2 * ADDED, Luma([255]));
    imageops::replace(&mut padded, picture, ADDED.into(), ADDED.into());
    let (width, height) = (padded.width() as usize, padded.height() as usize);
    let pixels = padded.into_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    /// A text as long as the longest online code with audience and nonce.
    fn text() -> String {
        let body: String = (0..294).map(|at| char::from(b"0123456789ABCDEF $%*+-./:"[at * 7 % 25])).collect();
        format!("ECR1:{body}")
    }

    fn drawn(module: u32) -> GrayImage {
        image::load_from_memory(&write_symbol(&text(), Correction::Screen, module).unwrap().png).unwrap().to_luma8()
    }

    fn bytes_of(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn read(picture: &GrayImage) -> Result<String, PictureError> {
        read_symbol(&bytes_of(picture, ImageFormat::Png))
    }

    #[test]
    fn the_caps_fit_their_symbols() {
        let fits = |length: usize, level| write_symbol(&"A".repeat(length), level, 1).unwrap();
        assert_eq!(fits(299, Correction::Screen).version, 10);
        assert_eq!(fits(299, Correction::Screen).modules, 57);
        assert_eq!(fits(335, Correction::Screen).version, 11);
        assert_eq!(fits(970, Correction::Screen).version, 20);
        assert!(write_symbol(&"A".repeat(5000), Correction::Screen, 1).is_err());
    }

    #[test]
    fn what_is_drawn_is_read_from_png_and_jpeg() {
        for module in [2, 4] {
            assert_eq!(read(&drawn(module)).unwrap(), text(), "{module}");
        }
        assert_eq!(read_symbol(&bytes_of(&drawn(5), ImageFormat::Jpeg)).unwrap(), text());
        let long = "ECR1:".to_owned() + &"Z9".repeat(482);
        let symbol = write_symbol(&long, Correction::Screen, 3).unwrap();
        assert_eq!(read_symbol(&symbol.png).unwrap(), long);
    }

    #[test]
    fn pictures_that_are_cut_small_turned_or_damaged_are_read() {
        let whole = drawn(5);
        let side = whole.width();
        // Three of ten parts of the margin are lost on every side.
        let lost = MARGIN * 5 * 3 / 10;
        let cut = imageops::crop_imm(&whole, lost, lost, side - 2 * lost, side - 2 * lost).to_image();
        assert_eq!(read(&cut).unwrap(), text(), "cut");
        assert_eq!(read(&imageops::resize(&whole, 200, 200, FilterType::Triangle)).unwrap(), text(), "200 pixels");
        assert_eq!(read(&imageops::rotate90(&whole)).unwrap(), text(), "turned by 90");
        assert_eq!(read(&imageops::rotate180(&whole)).unwrap(), text(), "turned by 180");
        assert_eq!(read(&turned(&whole, 17.0)).unwrap(), text(), "turned by 17");
        // A smudge over a tenth of the data area.
        let mut damaged = whole.clone();
        let edge = 57 * 5 * 31 / 100;
        for y in 0..edge {
            for x in 0..edge {
                damaged.put_pixel(side / 2 - edge / 2 + x, side / 2 - edge / 2 + y, Luma([255]));
            }
        }
        assert_eq!(read(&damaged).unwrap(), text(), "damaged");
    }

    fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
        let side = picture.width() as f32;
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let new = (side * (sine.abs() + cosine.abs())).ceil();
        GrayImage::from_fn(new as u32, new as u32, |x, y| {
            let (x, y) = (x as f32 - new / 2.0, y as f32 - new / 2.0);
            let (x, y) = (x * cosine + y * sine + side / 2.0, y * cosine - x * sine + side / 2.0);
            let inside = x >= 0.0 && y >= 0.0 && x < side && y < side;
            if inside { *picture.get_pixel(x as u32, y as u32) } else { Luma([255]) }
        })
    }

    #[test]
    fn other_files_and_pictures_are_told_apart() {
        assert!(matches!(read_symbol(b"ECR1:"), Err(PictureError::Unreadable(_))));
        assert!(matches!(read_symbol(b"\x89PNG\r\n\x1a\nxxxxxxxx"), Err(PictureError::Unreadable(_))));
        assert_eq!(read(&GrayImage::from_pixel(100, 100, Luma([255]))), Err(PictureError::NoSymbol));
        let one = drawn(4);
        let other = image::load_from_memory(&write_symbol("ECR1:OTHER", Correction::Screen, 8).unwrap().png).unwrap();
        let mut both =
            GrayImage::from_pixel(one.width() + other.width(), one.height().max(other.height()), Luma([255]));
        imageops::replace(&mut both, &one, 0, 0);
        imageops::replace(&mut both, &other.to_luma8(), one.width().into(), 0);
        assert_eq!(read(&both), Err(PictureError::Several { found: 2 }));
        let wide = GrayImage::from_pixel(SIDE_MAX + 1, 1, Luma([255]));
        assert!(matches!(read(&wide), Err(PictureError::Unreadable(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn noise_is_survived(pixels in proptest::collection::vec(any::<u8>(), 64 * 64)) {
            let picture = GrayImage::from_raw(64, 64, pixels).unwrap();
            let _ = read(&picture);
        }

        #[test]
        fn changed_files_are_survived(at in 0_usize..2000, mask in 1_u8..) {
            let mut file = bytes_of(&drawn(2), ImageFormat::Jpeg);
            let at = at % file.len();
            file[at] ^= mask;
            let _ = read_symbol(&file);
        }
    }
}
