import HTTPServer
import Synchronization

/// What a test tells those who wait, one sequence for each of them.
final class Feed<Element: Sendable>: Sendable {
    private struct State {
        var next = 0
        var open: [Int: AsyncStream<Element>.Continuation] = [:]
        var ended = 0
    }

    private let state = Mutex(State())

    /// How many sequences are open, and how many have ended.
    var open: Int { state.withLock { $0.open.count } }
    var ended: Int { state.withLock { $0.ended } }

    /// A sequence of its own for one who waits.
    func sequence() -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self)
        let number = state.withLock { state in
            state.next += 1
            state.open[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [self] _ in
            state.withLock { state in
                if state.open.removeValue(forKey: number) != nil { state.ended += 1 }
            }
        }
        return stream
    }

    /// Tells everybody.
    func tell(_ element: Element) {
        for continuation in continuations { continuation.yield(element) }
    }

    /// Ends all sequences.
    func finish() {
        for continuation in continuations { continuation.finish() }
    }

    private var continuations: [AsyncStream<Element>.Continuation] { state.withLock { Array($0.open.values) } }
}

/// Elements without end, counted as they are taken.
struct Endless<Element: Sendable>: AsyncSequence, Sendable {
    let element: Element
    let taken: Counter

    struct AsyncIterator: AsyncIteratorProtocol {
        let sequence: Endless

        func next() async -> Element? {
            sequence.taken.add()
            return sequence.element
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}

/// One element, or none, and then an error.
struct Failing<Element: Sendable>: AsyncSequence, Sendable {
    var element: Element?

    struct AsyncIterator: AsyncIteratorProtocol {
        var element: Element?

        mutating func next() async throws -> Element? {
            guard let element else { throw Unexpected() }
            self.element = nil
            return element
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(element: element) }
}
