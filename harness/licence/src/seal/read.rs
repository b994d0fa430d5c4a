//! The reader.

use ecric_gm::der::{DerError, DerFault, Element, Reader, tag, write};

use super::{CERT_LIST_MAX, CertList, EXTENSIONS_MAX, Picture, SIZE_MAX, Seal, SesSignature, SesVersion, TimeText};

fn limit(position: usize) -> DerError {
    DerError { fault: DerFault::Limit, position }
}

fn check_size(input: &[u8]) -> Result<(), DerError> {
    if input.len() > SIZE_MAX { Err(limit(SIZE_MAX)) } else { Ok(()) }
}

fn time_text<'a>(element: &Element<'a>) -> TimeText<'a> {
    TimeText { tag: element.tag, text: element.content }
}

/// Reads a time of a seal: any primitive element, its form is judged later.
fn read_time<'a>(reader: &mut Reader<'a>) -> Result<TimeText<'a>, DerError> {
    let element = reader.any()?;
    match element.tag {
        tag::GENERALIZED_TIME | tag::UTC_TIME | tag::BIT_STRING => Ok(time_text(&element)),
        found => Err(element.error(DerFault::Tag { found, wanted: tag::GENERALIZED_TIME })),
    }
}

/// Walks over ExtensionDatas; an explicit FALSE, which occurs, is taken.
fn read_extensions(list: &Element<'_>) -> Result<(), DerError> {
    let mut list = list.reader();
    let mut count = 0;
    while !list.is_empty() {
        let mut extension = list.sequence()?;
        extension.oid()?;
        let _critical = extension.optional(tag::BOOLEAN)?;
        extension.element(tag::OCTET_STRING)?;
        extension.finish()?;
        count += 1;
        if count > EXTENSIONS_MAX {
            return Err(limit(list.position()));
        }
    }
    Ok(())
}

fn read_cert_list<'a>(list: &Element<'a>, digests: bool) -> Result<CertList<'a>, DerError> {
    let mut reader = list.reader();
    let mut certificates = Vec::new();
    let mut pairs = Vec::new();
    while !reader.is_empty() {
        if certificates.len() + pairs.len() >= CERT_LIST_MAX {
            return Err(limit(reader.position()));
        }
        if digests {
            let mut pair = reader.sequence()?;
            let kind = pair.any()?.text()?;
            pairs.push((kind, pair.element(tag::OCTET_STRING)?.content));
            pair.finish()?;
        } else {
            // One V1 maker writes ids as IA5String here; they match no certificate.
            let element = reader.any()?;
            if ![tag::OCTET_STRING, tag::IA5_STRING].contains(&element.tag) {
                return Err(element.error(DerFault::Tag { found: element.tag, wanted: tag::OCTET_STRING }));
            }
            certificates.push(element.content);
        }
    }
    Ok(if digests { CertList::Digests(pairs) } else { CertList::Certificates(certificates) })
}

/// Reads a seal. Bytes behind it are an error.
///
/// # Errors
/// When the structure cannot be read or is above a limit.
pub fn read_seal(input: &[u8]) -> Result<Seal<'_>, DerError> {
    check_size(input)?;
    let mut outer = Reader::new(input);
    let mut seal = outer.sequence()?;
    outer.finish_input()?;
    let info = seal.element(tag::SEQUENCE)?;
    let mut body = info.reader();
    let mut header = body.sequence()?;
    let header_id = header.element(tag::IA5_STRING)?.text()?;
    let header_version = header.element(tag::INTEGER)?.small()?;
    let vendor = header.element(tag::IA5_STRING)?.text()?;
    header.finish()?;
    // V1 keeps certificate, algorithm and signature together in one SEQUENCE.
    let shape = match seal.peek() {
        Some(tag::SEQUENCE) => SesVersion::V1,
        _ if header_version == 5 => SesVersion::V5,
        _ => SesVersion::V4,
    };
    let es_id = body.element(tag::IA5_STRING)?.text()?;
    let mut property = body.sequence()?;
    let kind = property.element(tag::INTEGER)?.small()?;
    let name = property.element(tag::UTF8_STRING)?.text()?;
    let digests = match shape {
        SesVersion::V1 => false,
        SesVersion::V4 | SesVersion::V5 => {
            let list_type = property.element(tag::INTEGER)?;
            match list_type.small()? {
                1 => false,
                2 => true,
                _ => return Err(list_type.error(DerFault::Range)),
            }
        }
    };
    let certificates = read_cert_list(&property.element(tag::SEQUENCE)?, digests)?;
    let created = read_time(&mut property)?;
    let valid_start = read_time(&mut property)?;
    let valid_end = read_time(&mut property)?;
    property.finish()?;
    let mut picture = body.sequence()?;
    let picture = Picture {
        kind: picture.element(tag::IA5_STRING)?.text()?,
        data: picture.element(tag::OCTET_STRING)?.content,
        width: picture.element(tag::INTEGER)?.small()?,
        height: picture.element(tag::INTEGER)?.small()?,
    };
    if let Some(extensions) = body.optional(tag::SEQUENCE)? {
        read_extensions(&extensions)?;
    }
    body.finish()?;

    let (maker, algorithm, signed, signature) = if shape == SesVersion::V1 {
        let mut sign = seal.sequence()?;
        let maker = sign.element(tag::OCTET_STRING)?;
        let algorithm = sign.element(tag::OID)?;
        let signature = sign.element(tag::BIT_STRING)?.bytes_of_bits()?;
        sign.finish()?;
        let signed = write::sequence(&[info.whole, maker.whole, algorithm.whole]);
        (maker.content, algorithm.oid()?, signed, signature)
    } else {
        let maker = seal.element(tag::OCTET_STRING)?.content;
        let algorithm = seal.oid()?;
        let signature = seal.element(tag::BIT_STRING)?.bytes_of_bits()?;
        let _time_stamp = seal.optional(tag::context(0))?;
        (maker, algorithm, info.whole.to_vec(), signature)
    };
    seal.finish()?;
    Ok(Seal {
        shape,
        header_id,
        header_version,
        vendor,
        es_id,
        kind,
        name,
        certificates,
        created,
        valid_start,
        valid_end,
        picture,
        maker,
        algorithm,
        signed,
        signature,
    })
}

/// Reads a seal signature; the seal inside stays unread. Bytes behind it are an error.
///
/// # Errors
/// When the structure cannot be read or is above a limit.
pub fn read_signature(input: &[u8]) -> Result<SesSignature<'_>, DerError> {
    check_size(input)?;
    let mut outer = Reader::new(input);
    let mut signature = outer.sequence()?;
    outer.finish_input()?;
    let signed = signature.element(tag::SEQUENCE)?;
    let mut body = signed.reader();
    let version = body.element(tag::INTEGER)?.small()?;
    let seal = body.element(tag::SEQUENCE)?;
    let time = read_time(&mut body)?;
    let data_hash = body.element(tag::BIT_STRING)?.bytes_of_bits()?;
    let property_info = body.element(tag::IA5_STRING)?.text()?;
    if signature.peek() == Some(tag::BIT_STRING) {
        let certificate = body.element(tag::OCTET_STRING)?.content;
        let algorithm = body.oid()?;
        body.finish()?;
        let value = signature.element(tag::BIT_STRING)?.bytes_of_bits()?;
        signature.finish()?;
        return Ok(SesSignature {
            shape: SesVersion::V1,
            version,
            seal: seal.whole,
            time,
            data_hash,
            property_info,
            certificate,
            algorithm,
            signed: signed.whole,
            signature: value,
            time_stamp: None,
        });
    }
    if let Some(explicit) = body.optional(tag::context(0))? {
        read_extensions(&explicit.reader().element(tag::SEQUENCE)?)?;
    }
    body.finish()?;
    let certificate = signature.element(tag::OCTET_STRING)?.content;
    let algorithm = signature.oid()?;
    let value = signature.element(tag::BIT_STRING)?.bytes_of_bits()?;
    let time_stamp = match signature.optional(tag::context(0))? {
        Some(explicit) => Some(explicit.reader().element(tag::BIT_STRING)?.bytes_of_bits()?),
        None => None,
    };
    signature.finish()?;
    let shape = if version == 5 { SesVersion::V5 } else { SesVersion::V4 };
    Ok(SesSignature {
        shape,
        version,
        seal: seal.whole,
        time,
        data_hash,
        property_info,
        certificate,
        algorithm,
        signed: signed.whole,
        signature: value,
        time_stamp,
    })
}
