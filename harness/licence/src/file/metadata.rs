//! M1: what must agree inside a licence file (rows as in the layout's documentation).

use std::collections::BTreeSet;

use ecric_gm::oid::{ORGANIZATION, ORGANIZATION_IDENTIFIER};
use serde_json::Value;
use time::OffsetDateTime;

use super::fields::{Fields, PageObject};
use super::records::Records;
use super::report::{Artefact, StepId};
use super::run::Run;
use crate::layout::{ITEMS, PINYIN};
use crate::metadata::check_identity;

/// Items that every file carries: rows 0 to 14 and 16.
const MANDATORY: [usize; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16];
/// First row of the copy items.
const COPY_ROWS: std::ops::Range<usize> = 18..22;
/// Deepest nesting of the attached JSON.
const JSON_DEPTH_MAX: usize = 8;

struct Check<'r, 'f, 't> {
    run: &'r mut Run<'t>,
    fields: &'f Fields,
    names: Vec<&'static str>,
}

pub(super) fn check(run: &mut Run<'_>, records: &Records<'_>, fields: &Fields) {
    let pinyin = run.policy.pinyin_names;
    let names: Vec<&'static str> = ITEMS
        .iter()
        .zip(PINYIN)
        .map(|((name, _), dialect)| if pinyin && !dialect.is_empty() { *dialect } else { *name })
        .collect();
    // A file from elsewhere carries what its dialect carries; only the profile asks for all of it.
    if run.lenient && !fields.has_layout() {
        return;
    }
    run.begin(StepId::M1);
    let mut check = Check { run, fields, names };
    if fields.cut {
        check.fail("XML_LIMIT", "more page objects or index items than are read");
    }
    check.items();
    check.identity();
    check.holder();
    check.index();
    check.json();
    check.photo();
    check.signer(records);
    check.copy(records);
}

impl<'f> Check<'_, 'f, '_> {
    fn fail(&mut self, code: &'static str, detail: impl Into<String>) {
        self.run.fail(StepId::M1, code, detail);
    }

    fn item(&self, row: usize) -> Option<&'f str> {
        self.fields.item(self.names[row])
    }

    /// Row 1: present once each.
    fn items(&mut self) {
        for row in MANDATORY {
            if self.item(row).is_none_or(str::is_empty) {
                self.fail("META_MISSING", format!("the item {} is missing", self.names[row]));
            }
        }
        if self.fields.misspelt {
            self.fail("META_MISSING", "metadata under an element that is not CustomData");
        }
        let mut seen = BTreeSet::new();
        for (name, _) in &self.fields.custom {
            if !seen.insert(name.as_str()) {
                self.fail("META_DUPLICATE", format!("the item {:?} stands twice", super::container::shorten(name)));
            }
        }
    }

    /// Rows 2 to 4: the identifier and what it repeats, the holder's code and its type.
    fn identity(&mut self) {
        let row = |member: &str| ITEMS.iter().position(|(_, found)| *found == member);
        let problems = check_identity(|member| self.item(row(member)?), &self.run.policy.type_code);
        for problem in problems {
            let name = row(problem.member).map_or("", |row| self.names[row]);
            self.fail(problem.code, format!("{name} {}", problem.detail));
        }
    }

    /// Row 4: one citizen number everywhere.
    fn holder(&mut self) {
        let number = self.item(4);
        let on_page = self.text("holder.idNumber");
        if let (Some(number), Some(on_page)) = (number, on_page)
            && number != on_page
        {
            self.fail("META_MISMATCH", "the citizen number on the page differs from the metadata");
        }
        for (row, key) in [(1, "certificateName"), (5, "certificateIdentifier"), (10, "holder.name")] {
            if let (Some(item), Some(shown)) = (self.item(row), self.text(key))
                && item != shown
            {
                let name = self.names[row];
                self.fail("META_MISMATCH", format!("{name} on the page differs from the metadata"));
            }
        }
    }

    fn text(&self, key: &str) -> Option<&'f str> {
        self.fields.indexed(key).map(|object| object.text.as_str())
    }

    /// Row 5: every item of the index points at one visible object.
    fn index(&mut self) {
        if self.fields.index.is_empty() {
            self.fail("INDEX_BROKEN", "there is no index");
        }
        let fields = self.fields;
        for item in &fields.index {
            let [id] = &item.objects[..] else {
                self.fail("INDEX_BROKEN", format!("{} points at {} objects", item.key, item.objects.len()));
                continue;
            };
            let Some(place) = fields.objects.iter().position(|object| object.id == *id) else {
                self.fail("INDEX_BROKEN", format!("{} points at an object that does not exist", item.key));
                continue;
            };
            let object = &fields.objects[place];
            if !object.visible || !is_inside(object, fields.page) {
                self.fail("INDEX_BROKEN", format!("{} points at an object that is hidden or outside", item.key));
            }
            let above = fields.objects[place + 1..].iter().chain(&fields.overlays);
            if above.into_iter().any(|other| other.opaque && overlap(other, object)) {
                self.fail("INDEX_BROKEN", format!("{} points at an object that is covered", item.key));
            }
        }
    }

    /// Rows 6 and 7: attachment, page and metadata say the same.
    fn json(&mut self) {
        let fields = self.fields;
        let Some(json) = &fields.json else {
            if fields.json_broken {
                self.fail("META_MISMATCH", "the attached JSON cannot be read");
            } else if self.run.policy.attachment_required || self.run.artefact == Some(Artefact::Copy) {
                self.fail("META_MISSING", "the attached JSON is missing");
            }
            return;
        };
        if depth(json) > JSON_DEPTH_MAX {
            return self.fail("META_MISMATCH", "the attached JSON is nested too deep");
        }
        for (row, (name, member)) in ITEMS.iter().enumerate().skip(1) {
            let item = self.item(row);
            let wanted = item.map(|item| if is_day(row) { dashed(item) } else { item.to_owned() });
            let found =
                json[*member].as_str().map(|found| if is_instant(row) { compact(found) } else { found.to_owned() });
            let differs = match (&wanted, &found) {
                (Some(wanted), Some(found)) => wanted != found,
                (None, Some(_)) => true,
                (Some(_), None) => true,
                (None, None) => false,
            };
            if differs {
                self.fail("META_MISMATCH", format!("{name} in the attachment differs from the metadata"));
            }
        }
        let holder = &json["holder"];
        let text = |member: &str| holder[member].as_str().unwrap_or_default().to_owned();
        let to = holder["validTo"].as_str();
        let shown = [
            ("holder.name", text("name")),
            ("holder.sex", text("sex")),
            ("holder.ethnicity", text("ethnicity")),
            ("holder.birthDate", birth_shown(&text("birthDate"))),
            ("holder.address", text("address")),
            ("holder.idNumber", text("idNumber")),
            ("holder.issuingAuthority", text("issuingAuthority")),
            (
                "holder.validity",
                format!("{}-{}", dotted(&text("validFrom")), to.map_or_else(|| "长期".to_owned(), dotted)),
            ),
        ];
        for (key, wanted) in shown {
            if self.text(key).is_some_and(|found| found != wanted) {
                self.fail("META_MISMATCH", format!("{key} on the page differs from the attachment"));
            }
        }
    }

    /// Row 7 without an attachment: the validity on the page. Row 8: the photo.
    fn photo(&mut self) {
        if let (Some(from), Some(shown)) = (self.item(14), self.text("holder.validity")) {
            let to = self.item(15).map_or_else(|| "长期".to_owned(), |to| dotted(&dashed(to)));
            if format!("{}-{to}", dotted(&dashed(from))) != shown {
                self.fail("META_MISMATCH", "the validity on the page differs from the metadata");
            }
        }
        let fields = self.fields;
        let Some(wanted) = fields.json.as_ref().and_then(|json| json["holder"]["photo"]["sm3"].as_str()) else {
            return;
        };
        let photo = fields.indexed("holder.photo").and_then(|object| object.resource.as_ref());
        let found = photo.and_then(|id| fields.pictures.get(id));
        if found.is_some_and(|found| found != wanted) {
            self.fail("META_MISMATCH", "the photo differs from the attachment");
        }
    }

    /// Row 9: who signed is who had to sign.
    fn signer(&mut self, records: &Records<'_>) {
        if self.run.artefact != Some(Artefact::Original) {
            return;
        }
        let Some(signer) = records.list.first().and_then(|record| record.signer()) else { return };
        let fits = match signer.subject.get(&ORGANIZATION_IDENTIFIER) {
            Some(code) => self.item(8) == Some(code),
            None => signer.subject.get(&ORGANIZATION) == self.item(7),
        };
        if !fits {
            self.fail("ISSUER_MISMATCH", "the signer is not the issuing authority of the metadata");
        }
    }

    /// Rows 10 and 11: what only a copy carries.
    fn copy(&mut self, records: &Records<'_>) {
        let fields = self.fields;
        let origin = fields.json.as_ref().is_some_and(|json| !json["originFileSm3"].is_null());
        if self.run.artefact != Some(Artefact::Copy) {
            let carried = COPY_ROWS.into_iter().any(|row| self.item(row).is_some());
            if carried || origin || fields.watermark.is_some() {
                self.fail("COPY_FIELDS", "an original with the marks of a copy");
            }
            return;
        }
        for row in [18, 19, 20] {
            if self.item(row).is_none_or(str::is_empty) {
                self.fail("COPY_FIELDS", format!("the item {} is missing", self.names[row]));
            }
        }
        if fields.json.is_some() && !origin {
            self.fail("COPY_FIELDS", "the copy does not name its original");
        }
        if let Some(cause) = self.item(20) {
            let shown = fields.watermark.as_ref().is_some_and(|texts| texts.iter().any(|text| text.contains(cause)));
            if !shown {
                self.fail("META_MISMATCH", "the watermark does not show the cause");
            }
        }
        let creator = self.item(19);
        let signer = records.list.first().and_then(|record| record.signer());
        if let (Some(creator), Some(signer)) = (creator, signer)
            && signer.subject.get(&ORGANIZATION) != Some(creator)
        {
            self.fail("COPY_SIGNER", "the copy is signed by another organisation than its creator");
        }
        let created = self.item(18).map(china_time);
        match (created, self.item(21).map(china_time)) {
            (Some(None), _) | (_, Some(None)) => self.fail("COPY_FIELDS", "a time of the copy cannot be read"),
            (Some(Some(created)), Some(Some(expiring))) if expiring < created => {
                self.fail("COPY_FIELDS", "the copy expires before it was made");
            }
            (_, Some(Some(expiring))) if expiring < self.run.at => {
                self.fail("COPY_EXPIRED", "the copy has expired");
            }
            _ => {}
        }
    }
}

fn is_day(row: usize) -> bool {
    matches!(row, 9 | 14 | 15)
}

fn is_instant(row: usize) -> bool {
    matches!(row, 18 | 21)
}

/// `20260601` to `2026-06-01`; any other text as it is.
fn dashed(day: &str) -> String {
    if day.len() == 8 && day.is_ascii() {
        format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])
    } else {
        day.to_owned()
    }
}

fn dotted(day: &str) -> String {
    day.replace('-', ".")
}

/// `2000-02-29` to `2000年2月29日`; any other text as it is.
fn birth_shown(day: &str) -> String {
    let parts: Option<Vec<u32>> = day.split('-').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([year, month, day]) => format!("{year}年{month}月{day}日"),
        _ => day.to_owned(),
    }
}

/// An instant of binding v1 as 14 digits of China time.
fn compact(text: &str) -> String {
    crate::instant::parse_instant(text).map_or_else(
        |_| text.to_owned(),
        |instant| crate::instant::write_instant(instant).chars().take(19).filter(char::is_ascii_digit).collect(),
    )
}

/// 14 digits of China time.
fn china_time(text: &str) -> Option<OffsetDateTime> {
    let utc = ecric_gm::der::read_generalized_time(format!("{text}Z").as_bytes())?;
    Some(utc.replace_offset(crate::validity::CHINA))
}

fn is_inside(object: &PageObject, page: Option<[f64; 4]>) -> bool {
    let (Some([x, y, w, h]), Some([px, py, pw, ph])) = (object.area, page) else { return object.area.is_some() };
    w > 0.0 && h > 0.0 && x >= px && y >= py && x + w <= px + pw && y + h <= py + ph
}

fn overlap(a: &PageObject, b: &PageObject) -> bool {
    let (Some([ax, ay, aw, ah]), Some([bx, by, bw, bh])) = (a.area, b.area) else { return false };
    ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}
