/// The trace that a client says a request belongs to: `traceparent` of W3C Trace Context
/// (https://www.w3.org/TR/trace-context/#traceparent-header). It stands in the log beside our own identifier, and counts
/// for nothing else: whoever asks chooses it.
public struct TraceContext: Sendable, Equatable {
    /// 32 lower-case hexadecimal digits, not all of them 0.
    public let trace: String

    /// Nil where there is no field, more than one, or one that is not as the standard says.
    public init?(_ headers: HeaderFields) {
        let values = headers.values("traceparent")
        guard values.count == 1, let trace = Self.trace(of: values[0]) else { return nil }
        self.trace = trace
    }

    /// Version, trace, parent and flags, with hyphens between. Later versions may append more.
    private static func trace(of text: String) -> String? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, zip(parts, [2, 32, 16, 2]).allSatisfy({ isNumber($0, digits: $1) }),
            parts[0] != "ff", parts[0] != "00" || parts.count == 4, !isZero(parts[1]), !isZero(parts[2])
        else {
            return nil
        }
        return String(parts[1])
    }

    private static func isNumber(_ text: Substring, digits: Int) -> Bool {
        text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isZero(_ text: Substring) -> Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } }
}
