import HTTPServer
import Testing

@Suite("A client's trace")
struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    @Test(
        "is read as W3C Trace Context says",
        arguments: ["00-\(trace)-b7ad6b7169203331-01", "cc-\(trace)-b7ad6b7169203331-00-more"])
    func valid(_ text: String) {
        #expect(TraceContext(["traceparent": text])?.trace == Self.trace)
    }

    @Test(
        "is not there where the field is not as the standard says",
        arguments: [
            "", "00", "00-\(trace)-b7ad6b7169203331", "00-\(trace)-b7ad6b7169203331-01-more",
            "ff-\(trace)-b7ad6b7169203331-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-b7ad6b7169203331-01",
            "00-\(trace.dropLast())g-b7ad6b7169203331-01", "00-\(trace)\n-b7ad6b7169203331-01",
            "00-\(trace)0-b7ad6b7169203331-01",
        ])
    func invalid(_ text: String) {
        #expect(TraceContext(["traceparent": text]) == nil)
    }

    @Test("is not chosen from several")
    func several() {
        let text = "00-\(Self.trace)-b7ad6b7169203331-01"
        #expect(TraceContext(["traceparent": text, "Traceparent": text]) == nil)
        #expect(TraceContext([:]) == nil)
    }
}
