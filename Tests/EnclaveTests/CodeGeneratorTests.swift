import EnclaveLink
import Synchronization
import Testing

@testable import Enclave

@Suite("codes")
struct CodeGeneratorTests {
    private let generator = CodeGenerator(randomness: SystemRandomness())

    @Test("of 1,000,000 codes each digit is equally frequent at each position, and none is a repetition or a run")
    func uniform() throws {
        let format = CodeFormat(alphabet: .digits, length: 6)
        let rounds = 1_000_000
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 6)
        var predictable = 0
        for _ in 0..<rounds {
            let code = try generator.makeCode(format).characters
            if Self.isExcluded(code) { predictable += 1 }
            for position in 0..<6 { counts[position][Int(code[position]) - 48] += 1 }
        }
        #expect(predictable == 0)
        for position in counts {
            // Chi-square with 9 degrees of freedom exceeds 45.1 by chance once in a million times.
            #expect(Self.chiSquare(position, expected: Double(rounds) / 10) < 45.1)
        }
    }

    @Test(
        "every length of both alphabets is uniform and free of repetitions and runs", arguments: CodeAlphabet.allCases,
        CodeFormat.lengths)
    func everyFormat(alphabet: CodeAlphabet, length: Int) throws {
        let rounds = 20_000
        var counts = [UInt8: Int](uniqueKeysWithValues: alphabet.symbols.map { ($0, 0) })
        for _ in 0..<rounds {
            let code = try generator.makeCode(CodeFormat(alphabet: alphabet, length: length)).characters
            #expect(code.count == length)
            for symbol in code { counts[symbol, default: 0] += 1 }
        }
        #expect(counts.count == alphabet.symbols.count)
        // 9 or 31 degrees of freedom: 45.1 and 86.5 are exceeded once in a million times.
        let limit = alphabet == .digits ? 45.1 : 86.5
        let expected = Double(rounds * length) / Double(counts.count)
        #expect(Self.chiSquare(Array(counts.values), expected: expected) < limit)
    }

    @Test(
        "repetitions and runs are drawn again, in both directions and around the end of the alphabet",
        arguments: ["000000", "999999", "123456", "987654", "890123", "210987", "567890", "098765"])
    func excluded(code: String) throws {
        let drawn = Array((code + "482913").utf8).map { $0 - UInt8(ascii: "0") }
        let scripted = CodeGenerator(randomness: ScriptedRandomness(drawn, draw: 6))
        #expect(try scripted.makeCode(CodeFormat(alphabet: .digits, length: 6)).text == "482913")
    }

    @Test("near misses are codes like any other", arguments: ["000001", "123457", "135790", "112233", "121212"])
    func included(code: String) throws {
        let scripted = CodeGenerator(
            randomness: ScriptedRandomness(Array(code.utf8).map { $0 - UInt8(ascii: "0") }, draw: 6))
        #expect(try scripted.makeCode(CodeFormat(alphabet: .digits, length: 6)).text == code)
    }

    @Test("a random byte that would favour a digit is drawn again")
    func rejection() throws {
        let scripted = CodeGenerator(
            randomness: ScriptedRandomness([250, 255, 4, 252, 8, 2, 9, 251, 1, 249], draw: 10))
        #expect(try scripted.makeCode(CodeFormat(alphabet: .digits, length: 6)).text == "482919")
    }

    @Test("Base32 leaves out I, L, O and U")
    func base32() {
        #expect(CodeAlphabet.base32.symbols.count == 32)
        #expect(Set("ILOU".utf8).isDisjoint(with: CodeAlphabet.base32.symbols))
    }

    @Test("a length outside 6 to 9 is refused", arguments: [0, 5, 10, -1])
    func length(length: Int) {
        #expect(throws: EnclaveError(.requestRefused)) {
            try generator.makeCode(CodeFormat(alphabet: .digits, length: length))
        }
    }

    /// Written apart from the generator's own rule: part of a row of equal, rising or falling digits.
    private static func isExcluded(_ code: [UInt8]) -> Bool {
        // Nearly every code is none of them at its second digit already.
        let step = (Int(code[1]) - Int(code[0]) + 10) % 10
        guard step == 0 || step == 1 || step == 9 else { return false }
        return excludedCodes.contains(code)
    }

    private static let excludedCodes: Set<[UInt8]> = {
        let rising = Array("012345678901234".utf8)
        let rows = (0..<10).flatMap { start in
            let run = Array(rising[start..<start + 6])
            return [run, run.reversed(), [UInt8](repeating: rising[start], count: 6)]
        }
        return Set(rows)
    }()

    private static func chiSquare(_ counts: [Int], expected: Double) -> Double {
        counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }
}

/// Gives bytes from a list, `draw` at a time, whatever is asked for.
private final class ScriptedRandomness: RandomSource {
    private let rest: Mutex<ArraySlice<UInt8>>
    private let draw: Int

    init(_ bytes: [UInt8], draw: Int) {
        rest = Mutex(bytes[...])
        self.draw = draw
    }

    func bytes(_ count: Int) -> [UInt8] {
        rest.withLock { rest in
            defer { rest = rest.dropFirst(draw) }
            return Array(rest.prefix(draw))
        }
    }
}
