/// Recognises RSA moduli from the Infineon generator of CVE-2017-15361 (ROCA), which can be factored.
///
/// Its primes are 65537 to some power modulo a product of small primes, and so is the modulus (Nemec, Sys, Svenda,
/// Klinec, Matyas: "The Return of Coppersmith's Attack", CCS 2017, §2). A random modulus passes all of these tests by
/// chance with a probability below 2⁻²⁷.
enum WeakModulus {
    private static let primes: [Int] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]

    /// For each prime, which remainders are powers of 65537.
    private static let powers: [[Bool]] = primes.map { prime in
        var isPower = [Bool](repeating: false, count: prime)
        var power = 1
        while !isPower[power] {
            isPower[power] = true
            power = power * 65537 % prime
        }
        return isPower
    }

    /// Whether `modulus`, big-endian, bears the mark of the broken generator.
    static func isFromBrokenGenerator(_ modulus: [UInt8]) -> Bool {
        zip(primes, powers).allSatisfy { prime, isPower in
            isPower[modulus.reduce(0) { ($0 * 256 + Int($1)) % prime }]
        }
    }
}
