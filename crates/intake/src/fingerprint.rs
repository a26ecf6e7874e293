//! Sums of bytes that come out the same in a browser and on a server.

/// Odd numbers whose bits look like chance.
const ODD: [u64; 4] = [
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0x2545_F491_4F6C_DD1D,
];

/// Takes a record's bytes into the fingerprint, eight at a time: every record counts, or a file
/// that was corrected would go on as the one before. Not against forgery, and much cheaper in a
/// browser than a hash that is.
pub(crate) fn mixed(fingerprint: u64, bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let step = |so_far: u64, block: &[u8; 32]| {
        // Four multiplications that do not wait for one another.
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

/// A text as a number: two texts of a million have the same in 3 cases of a hundred million.
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
