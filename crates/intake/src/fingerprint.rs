//! Hashes of bytes, with the same result in the browser and on the server.

/// Odd numbers with randomly distributed bits.
const ODD: [u64; 4] = [
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0x2545_F491_4F6C_DD1D,
];

/// Adds a record's bytes to the fingerprint of its file. Every record counts, so that a corrected
/// file does not continue the import of the earlier one. The hash does not protect against forgery,
/// and costs much less in a browser than one that does.
pub(crate) fn mixed(fingerprint: u64, bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let step = |so_far: u64, block: &[u8; 32]| {
        // The four multiplications do not depend on each other.
        let words = block
            .as_chunks::<8>()
            .0
            .iter()
            .map(|word| u64::from_le_bytes(*word));
        let sum = words.zip(ODD).fold(0_u64, |sum, (word, odd)| {
            sum.wrapping_add(word.wrapping_mul(odd))
        });
        (so_far ^ sum).wrapping_mul(ODD[0]).rotate_left(29)
    };
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    step(
        blocks.iter().fold(fingerprint ^ bytes.len() as u64, step),
        &last,
    )
}

/// Returns the hash of a text. Among a million texts, two have the same hash in 3 cases of a
/// hundred million.
pub(crate) fn of_text(text: &str) -> u64 {
    let sum = mixed(ODD[3], text.as_bytes());
    let sum = (sum ^ (sum >> 32)).wrapping_mul(ODD[1]);
    sum ^ (sum >> 29)
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn phones_and_addresses_that_look_alike_differ() {
        let phones = (0..200_000_u32).map(|at| of_text(&format!("55519{at:08}")));
        let emails = (0..200_000_u32).map(|at| of_text(&format!("ana.silva{at}@example.com")));
        let all: std::collections::HashSet<u64> = phones.chain(emails).collect();
        assert_eq!(all.len(), 400_000);
    }
}
