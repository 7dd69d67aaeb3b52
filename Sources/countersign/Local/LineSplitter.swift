import FoundationEssentials
import Synchronization

/// Cuts bytes that come in pieces into lines.
final class LineSplitter: Sendable {
    private let rest = Mutex(Data())
    private let line: @Sendable (Data) -> Void

    /// - Parameter line: takes each line that is not empty, without its end.
    init(_ line: @escaping @Sendable (Data) -> Void) { self.line = line }

    /// The next piece. What comes after its last line end waits for the next one.
    func take(_ piece: Data) {
        let lines = rest.withLock { rest in
            rest.append(piece)
            var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Data(parts.removeLast())
            return parts.map { Data($0) }
        }
        for text in lines where !text.isEmpty { line(text) }
    }
}
