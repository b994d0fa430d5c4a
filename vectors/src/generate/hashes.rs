//! SM3 and HMAC-SM3 over every length around the borders of a block.

use ecric_gm::encoding::hex;
use ecric_gm::{hmac_sm3, sm3};

use super::draft::{Draft, signature};
use super::filler;

/// `crypto/sm3-lengths`.
pub(super) fn sm3() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm3-lengths",
        ["SM3 digests of messages of every length around a block", "分组边界附近各长度消息的 SM3 杂凑值"],
        ["GB/T 32905-2016", "2016", "padding, 5.2"],
    );
    draft.note("padding", "Length at a border of padding or block; a wrong digest points to the padding.");
    draft.note("content", "Bytes of all kinds; a wrong digest points to signed bytes, text or zero handling.");
    draft.group("sm3.digest");
    let lengths = [2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 47, 48, 49, 54, 57, 58, 60, 61, 62, 65, 66, 111, 118, 120, 121];
    for length in lengths.into_iter().chain([126, 127, 128, 129, 183, 184, 191, 192, 193, 255, 257, 512, 1023, 4096]) {
        let message = filler("sm3", length);
        let input = [("message", hex(&message)), ("repeat", "1".to_owned())];
        let output = [("digest", sm3::digest_hex(&message))];
        draft.valid("sm3.length", &["padding"], &format!("{length} bytes"), &input, &output);
    }
    for (byte, times) in
        [("00", 1), ("00", 64), ("80", 1), ("80", 56), ("ff", 55), ("ff", 64), ("0d0a", 32), ("00", 1_000)]
    {
        let input = [("message", byte.to_owned()), ("repeat", times.to_string())];
        let message = ecric_gm::encoding::from_hex(byte).unwrap_or_default().repeat(times);
        let output = [("digest", sm3::digest_hex(&message))];
        draft.valid("sm3.content", &["content"], &format!("{byte}, {times} times"), &input, &output);
    }
    draft
}

/// `crypto/hmac-sm3-lengths`.
pub(super) fn hmac() -> Draft {
    let mut draft = Draft::new(
        "crypto/hmac-sm3-lengths",
        ["HMAC-SM3 codes for keys and messages of many lengths", "不同密钥与消息长度的 HMAC-SM3"],
        ["GM/T 0042-2015", "2015", "HMAC over SM3, shape of RFC 2104"],
    );
    draft.note("key-length", "Key below, at and above one block of 64 bytes; longer keys are digested first.");
    draft.note("message-length", "Message at a border of padding or block.");
    draft.note("changed", "A code that belongs to something else; accepting it means that codes are not compared.");
    draft.note("truncated", "A code that was cut: shorter codes are another algorithm and have to be refused.");
    draft.group("hmac-sm3.mac");
    let mac = |key: &[u8], message: &[u8]| hex(&hmac_sm3::Key::from_bytes(key).mac(message));
    let input =
        |key: &[u8], message: &[u8]| vec![("key", hex(key)), ("message", hex(message)), ("repeat", "1".to_owned())];
    for length in [1, 8, 15, 16, 31, 48, 62, 63, 66, 96, 127, 129, 200] {
        let (key, message) = (filler("hmac key", length), filler("hmac message", 40));
        let (comment, output) = (format!("key of {length} bytes"), [("mac", mac(&key, &message))]);
        draft.valid("hmac.key-length", &["key-length"], &comment, &input(&key, &message), &output);
    }
    let key = filler("hmac key", 32);
    for length in [1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 256] {
        let message = filler("hmac message", length);
        let (comment, output) = (format!("message of {length} bytes"), [("mac", mac(&key, &message))]);
        draft.valid("hmac.message-length", &["message-length"], &comment, &input(&key, &message), &output);
    }
    draft.group("hmac-sm3.verify");
    let message = filler("hmac message", 64);
    let good = hmac_sm3::Key::from_bytes(&key).mac(&message);
    let with = |mac: &[u8]| [input(&key, &message), vec![("mac", hex(mac))]].concat();
    draft.valid("hmac.verify", &["changed"], "the right code", &with(&good), &[]);
    for at in [0, 7, 8, 15, 16, 23, 24, 31] {
        let mut changed = good;
        changed[at] ^= 1;
        let comment = format!("last bit of byte {at} flipped");
        draft.invalid("hmac.changed", &["changed"], &comment, &with(&changed), signature("code"));
    }
    draft.invalid("hmac.changed", &["changed"], "all zero", &with(&[0; 32]), signature("code"));
    for length in [0, 1, 4, 10, 16, 20, 31] {
        let comment = format!("the first {length} bytes of the right code");
        draft.invalid("hmac.truncated", &["truncated"], &comment, &with(&good[..length]), signature("code"));
    }
    draft
}
