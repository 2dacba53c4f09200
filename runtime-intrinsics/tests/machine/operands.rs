//! Operands for the tests, the same in every run: edge cases, and random words of shapes that reach
//! what uniformly random words hardly ever do.

/// A word that holds an integer, or a number of a binary floating-point format.
pub trait Bits: Copy + 'static {
    const BITS: u32;
    /// Width of the fraction field.
    const FRACTION: u32;
    fn new(bits: u64) -> Self;
}

impl Bits for u32 {
    const BITS: u32 = 32;
    const FRACTION: u32 = 23;
    fn new(bits: u64) -> Self {
        bits as u32
    }
}

impl Bits for u64 {
    const BITS: u32 = 64;
    const FRACTION: u32 = 52;
    fn new(bits: u64) -> Self {
        bits
    }
}

/// Random operands for each function, single or in pairs.
const RANDOM: usize = 300_000;

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Numbers at the borders of every kind: zeros, subnormal numbers, the smallest and largest normal
/// ones, one, integers about to lose their fraction, the ends of the integer types, infinities, quiet
/// and signalling NaNs; each with fractions at and beside all zeros, the half, all ones.
fn edges<W: Bits>() -> Vec<W> {
    let end = (1u64 << (W::BITS - 1 - W::FRACTION)) - 1;
    let bias = end / 2;
    let width = u64::from(W::FRACTION);
    let exponents = [
        0,
        1,
        2,
        width + 1,
        bias - width - 1,
        bias - 2,
        bias - 1,
        bias,
        bias + 1,
        bias + width - 1,
        bias + width,
        bias + width + 1,
        bias + 30,
        bias + 31,
        bias + 32,
        bias + 62,
        bias + 63,
        bias + 64,
        end - 2,
        end - 1,
        end,
    ];
    let (half, all) = (1u64 << (W::FRACTION - 1), (1u64 << W::FRACTION) - 1);
    let fractions = [
        0,
        1,
        2,
        3,
        half - 1,
        half,
        half + 1,
        half >> 1,
        half | half >> 1,
        all - 1,
        all,
        all / 3,
        all & !0xff,
    ];
    let mut words = Vec::new();
    for sign in [0, 1u64 << (W::BITS - 1)] {
        for exponent in exponents {
            for fraction in fractions {
                words.push(W::new(sign | exponent << W::FRACTION | fraction));
            }
        }
    }
    words
}

/// A word of one of four shapes: anything; few significant bits, for exact and halfway results; all
/// ones but few bits; an exponent near one, for numbers that integers hold.
fn shaped<W: Bits>(random: &mut SplitMix) -> u64 {
    let bits = random.next() >> (64 - W::BITS);
    let fraction = (1u64 << W::FRACTION) - 1;
    match random.below(4) {
        0 => bits,
        1 => bits & !(fraction >> random.below(u64::from(W::FRACTION))),
        2 => bits | fraction >> random.below(u64::from(W::FRACTION)),
        _ => {
            let bias = (1u64 << (W::BITS - 2 - W::FRACTION)) - 1;
            let exponent = bias - 4 + random.below(72);
            bits & (fraction | 1 << (W::BITS - 1)) | exponent << W::FRACTION
        }
    }
}

/// Numbers for functions of one.
pub fn singles<W: Bits>() -> impl Iterator<Item = W> {
    let mut random = SplitMix(1);
    let random = (0..RANDOM).map(move |_| W::new(shaped::<W>(&mut random)));
    edges().into_iter().chain(random)
}

/// Numbers for functions of two: all pairs of edges, and random ones, of which a quarter each are
/// independent, make subnormal products, make subnormal quotients, and are of similar magnitude.
pub fn pairs<W: Bits>() -> impl Iterator<Item = (W, W)> {
    let edges = edges::<W>();
    let grid = {
        let edges = edges.clone();
        edges
            .clone()
            .into_iter()
            .flat_map(move |a| edges.clone().into_iter().map(move |b| (a, b)))
    };
    let mut random = SplitMix(2);
    let random = (0..RANDOM).map(move |_| {
        let (a, b) = (shaped::<W>(&mut random), shaped::<W>(&mut random));
        let fields = (1u64 << (W::BITS - 1 - W::FRACTION)) - 1;
        let bias = fields / 2;
        let exponent = a >> W::FRACTION & fields;
        let depth = random.below(u64::from(W::FRACTION) + 6);
        let other = match random.below(4) {
            0 => return (W::new(a), W::new(b)),
            // The product, then the quotient, about as small as a subnormal number.
            1 => (bias + 2).wrapping_sub(depth + exponent),
            2 => exponent + bias + depth - 2,
            // Significands that overlap.
            _ => (exponent + depth).wrapping_sub(u64::from(W::FRACTION) / 2),
        };
        (
            W::new(a),
            W::new(b & !(fields << W::FRACTION) | (other & fields) << W::FRACTION),
        )
    });
    grid.chain(random)
}

/// Integers: the neighbourhoods of all powers of two, up and down, and random ones of all lengths.
pub fn integers<W: Bits>() -> impl Iterator<Item = W> {
    let powers = (0..W::BITS).flat_map(|bit| {
        let power = 1u64 << bit;
        (0..9).flat_map(move |off| {
            let word = power.wrapping_sub(4).wrapping_add(off);
            [word, word.wrapping_neg()]
        })
    });
    // A power of two and half a unit of either format, and what is beside it.
    let halves = (0..W::BITS).flat_map(|bit| {
        [24, 53]
            .into_iter()
            .filter(move |below| *below <= bit)
            .flat_map(move |below| {
                let word = 1u64 << bit | 1 << (bit - below);
                let odd = word | 1 << (bit - below + 1);
                [word - 1, word, word + 1, odd - 1, odd, odd + 1]
            })
    });
    let mut random = SplitMix(3);
    let random = (0..RANDOM).map(move |_| random.next() >> random.below(64));
    powers.chain(halves).chain(random).map(W::new)
}
