//! Decompression of batches, which the browser compresses when the network is slow.

use std::io::Read;

use alta_domain::ErrorCode;

/// Decompresses gzip.
///
/// # Errors
/// [`ErrorCode::TooLarge`] for more than `most` bytes, because a few compressed bytes can become
/// any number; [`ErrorCode::BadBatch`] for bytes that are not gzip.
pub(super) fn unpacked(packed: &[u8], most: usize) -> Result<Vec<u8>, ErrorCode> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    flate2::read::GzDecoder::new(packed)
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|_| ErrorCode::BadBatch)?;
    if bytes.len() > most {
        Err(ErrorCode::TooLarge)
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::unpacked;
    use alta_domain::ErrorCode;
    use std::io::Write;

    #[test]
    fn the_limit_counts_what_comes_out_of_a_packed_batch() {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(&vec![b'a'; 5_000_000]).unwrap();
        let packed = writer.finish().unwrap();
        assert!(packed.len() < 50_000);
        assert_eq!(
            unpacked(&packed, 5_000_000).map(|bytes| bytes.len()),
            Ok(5_000_000)
        );
        assert_eq!(unpacked(&packed, 4_999_999), Err(ErrorCode::TooLarge));
        assert_eq!(unpacked(b"no gzip", 100), Err(ErrorCode::BadBatch));
    }
}
