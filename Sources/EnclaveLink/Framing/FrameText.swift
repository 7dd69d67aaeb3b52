/// A text in a list.
struct FrameText: FrameCodable {
    let text: String

    init(text: String) { self.text = text }

    func encode(into frame: inout FrameWriter) { frame.write(text) }
    init(from frame: inout FrameReader) throws(FrameError) { text = try frame.readText() }
}
