import CRE2
import Testing

@Suite struct ExpressionTests {
    private func reason(_ pattern: [CChar], capacity: Int = 64) -> [CChar]? {
        var reason = [CChar](repeating: 0x7f, count: capacity + 1)
        let compiled = countersign_re2_compile(pattern, pattern.count, 65_536, &reason, capacity)
        defer { countersign_re2_free(compiled) }
        return compiled == nil ? reason : nil
    }

    // Texts are handed to C in functions of their own: a macro may keep a pointer for longer than the text that it is to.

    private func compiled(_ pattern: String) -> OpaquePointer? {
        countersign_re2_compile(pattern, pattern.utf8.count, 65_536, nil, 0)
    }

    private func isFound(_ pattern: OpaquePointer?, _ text: [UInt8]) -> Int32 {
        text.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
            countersign_re2_found(pattern, $0.baseAddress, $0.count)
        }
    }

    @Test("a reason is cut to the space that there is, and ends with a NUL")
    func reasons() {
        let pattern = "a(b".utf8.map { CChar(bitPattern: $0) }
        #expect(
            reason(pattern)?.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) } == Array("missing ): a(b".utf8))
        #expect(reason(pattern, capacity: 4) == [0x6d, 0x69, 0x73, 0, 0x7f])
        #expect(reason(pattern, capacity: 0) == [0x7f])
    }

    @Test("bytes that are no UTF-8 are no pattern, and match nothing that asks for a character")
    func noText() throws {
        #expect(reason([CChar(bitPattern: 0xff)]) != nil)
        let dot = try #require(compiled("."))
        defer { countersign_re2_free(dot) }
        #expect(isFound(dot, [0xff]) == 0)
        #expect(isFound(dot, Array("a".utf8)) == 1)
    }

    @Test("nothing at all compiles to nothing, is found in nothing and is freed without harm")
    func null() throws {
        #expect(countersign_re2_compile(nil, 0, 65_536, nil, 0) == nil)
        #expect(isFound(nil, Array("a".utf8)) == -1)
        #expect(countersign_re2_size(nil) == 0)
        countersign_re2_free(nil)
        let empty = try #require(compiled(""))
        defer { countersign_re2_free(empty) }
        #expect(countersign_re2_found(empty, nil, 0) == 1)
        #expect(countersign_re2_found(empty, nil, 5) == -1)
    }

    @Test("a longer pattern has a larger program, and one beyond its memory is refused")
    func size() throws {
        let short = try #require(compiled("a"))
        let long = try #require(compiled("a{100}"))
        defer {
            countersign_re2_free(short)
            countersign_re2_free(long)
        }
        #expect(countersign_re2_size(short) < countersign_re2_size(long))
        #expect(compiled("((a{100}){100})") == nil)
    }
}
