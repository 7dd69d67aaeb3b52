import EnclaveLink
import Testing

@Suite("frames")
struct FrameTests {
    @Test("every message comes back as it was sent")
    func roundTrip() throws {
        for sample in Samples.all {
            func check<Value: FrameCodable>(_ value: Value) throws {
                let body = try value.body()
                let back = try Value.decode(body)
                #expect(try back.body() == body)
                #expect(String(reflecting: back) == String(reflecting: value))
            }
            try check(sample)
        }
    }

    @Test("a message that ends early or goes on is refused at every length")
    func truncation() throws {
        for sample in Samples.all {
            func check<Value: FrameCodable>(_ value: Value) throws {
                let body = try value.body()
                for length in 0..<body.count {
                    #expect(throws: FrameError.self) { _ = try Value.decode(Array(body[..<length])) }
                }
                #expect(throws: FrameError.trailingBytes) { _ = try Value.decode(body + [0]) }
            }
            try check(sample)
        }
    }

    @Test("random and damaged bytes are refused or read, and never trap")
    func fuzz() throws {
        var generator = SeededGenerator(state: 20_261_121)
        for sample in Samples.all {
            func check<Value: FrameCodable>(_ value: Value) throws {
                let body = try value.body()
                for round in 0..<500 {
                    var bytes =
                        round % 2 == 0
                        ? body
                        : (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                            .random(in: 0...255, using: &generator)
                        }
                    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                            in: 0...255, using: &generator)
                    }
                    // What is read must be something that can be written: nothing half-made comes out.
                    if let read = try? Value.decode(bytes) { #expect(try read.body() == bytes) }
                }
            }
            try check(sample)
        }
    }

    @Test("a length that no frame has is refused before its body is waited for")
    func lengthLimit() throws {
        var splitter = FrameSplitter()
        let header: [UInt8] = [0, 4, 0, 1]
        header.withUnsafeBytes { splitter.append($0) }
        #expect(throws: FrameError.tooLong) { _ = try splitter.next() }
        #expect(throws: FrameError.tooLong) {
            _ = try RevealTestCode(
                challenge: SealedRecord(
                    workspace: "", record: "", sealed: [UInt8](repeating: 0, count: FrameWriter.bodyLimit))
            ).frame(identifier: 1)
        }
    }

    @Test("a field's length that reaches beyond the body is refused, however large")
    func fieldLength() {
        for length: [UInt8] in [[0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 4]] {
            #expect(throws: FrameError.truncated) { _ = try TestCode.decode(length + [1, 2, 3]) }
        }
    }

    @Test("text that is not UTF-8 is refused")
    func invalidText() {
        #expect(throws: FrameError.invalidValue) { _ = try TestCode.decode([0, 0, 0, 2, 0xc3, 0x28]) }
    }

    @Test("frames come out whole and in order, however the stream is cut", arguments: [1, 2, 3, 7, 64, 100_000])
    func splitting(piece: Int) throws {
        let frames = try (0..<50).map { number in
            try RevealTestCode(
                challenge: SealedRecord(
                    workspace: "ws", record: "\(number)", sealed: [UInt8](repeating: UInt8(number), count: number * 7))
            ).frame(identifier: UInt64(number))
        }
        let stream = frames.flatMap { $0 }
        var splitter = FrameSplitter()
        var bodies: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: piece) {
            stream[start..<min(start + piece, stream.count)].withUnsafeBytes { splitter.append($0) }
            while let body = try splitter.next() { bodies.append(Array(body)) }
        }
        #expect(bodies == frames.map { Array($0.dropFirst(4)) })
        #expect(splitter.pending == 0)
    }

    @Test("an enclave of another protocol version is not talked to")
    func version() throws {
        let other = Greet.protocolVersion + 1
        #expect(throws: FrameError.invalidValue) { _ = try Greet.decode([UInt8(other >> 8), UInt8(other & 0xff)]) }
    }

    @Test("no code and no token shows when a message is printed")
    func redaction() throws {
        let attempt = AttemptChallenge(challenge: nil, code: PresentedCode("482913"), token: Samples.token)
        let made = MadeChallenge(sealed: [], createdAt: 0, expiresAt: 1, testCode: TestCode("482913"))
        let outcome = AttemptOutcome.verified(identityToken: IdentityToken("482913"))
        for text in [String(describing: attempt), String(reflecting: made), "\(outcome)"] {
            #expect(!text.contains("482913"))
        }
        var dumped = ""
        dump(attempt, to: &dumped)
        dump(made, to: &dumped)
        dump(outcome, to: &dumped)
        dump(Samples.greeting, to: &dumped)
        #expect(!dumped.contains("213") && !"\(Samples.greeting)".contains("213"))
        #expect(!dumped.contains("482913"))
    }
}

/// A repeatable generator (SplitMix64), so that a failure can be looked at again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
