import Synchronization

/// The certificate that a server shows, read again when its files change. Connections that are open keep theirs.
public final class TLSIdentity: Sendable {
    /// What a look at the files led to.
    public enum Reload: Sendable {
        case unchanged
        case changed(CertificateFacts)
        /// They cannot serve; the certificate of before goes on.
        case refused(TLSError)
    }

    private struct State {
        var context: TLSContext
        var marks: [FileMark]
        var madeAt: Int64
        var refusal: TLSError?
    }

    /// Seconds after which the keys of session tickets are made anew, with the context that has them: who takes them
    /// from memory later cannot read what was resumed before (RFC 8446 §8.1).
    private static let ticketKeyLifetime: Int64 = 6 * 3600

    public let files: TLSFiles
    private let state: Mutex<State>
    let counters = HandshakeCounters()

    /// - Parameter now: seconds since 1970.
    /// - Throws: `TLSError` with what is wrong with the files.
    public init(_ files: TLSFiles, now: Int64) throws(TLSError) {
        self.files = files
        let marks = files.marks
        state = Mutex(State(context: try TLSContext(files, now: now), marks: marks, madeAt: now))
    }

    /// What new connections are shown.
    public var certificate: CertificateFacts { state.withLock { $0.context.certificate } }

    /// Why the files of now are not in use; nil where they are.
    public var refusal: TLSError? { state.withLock { $0.refusal } }

    /// Handshakes since the start.
    public var handshakes: (completed: Int, failed: Int) { counters.values }

    var context: TLSContext { state.withLock { $0.context } }

    /// Reads the files where they have changed since the last look, or always.
    ///
    /// - Parameter now: seconds since 1970.
    public func reload(now: Int64, always: Bool = false) -> Reload {
        let marks = files.marks
        let (known, madeAt) = state.withLock { ($0.marks, $0.madeAt) }
        let isStale = now >= madeAt + Self.ticketKeyLifetime
        guard always || marks != known || isStale else { return .unchanged }
        do throws(TLSError) {
            let context = try TLSContext(files, now: now)
            let before = state.withLock { state in
                defer { state = State(context: context, marks: marks, madeAt: now) }
                return state.context.certificate
            }
            return always || marks != known || before != context.certificate
                ? .changed(context.certificate) : .unchanged
        } catch {
            state.withLock { state in
                state.marks = marks
                state.refusal = error
                // Not again at each look.
                state.madeAt = now
            }
            return .refused(error)
        }
    }
}

/// How many handshakes there were.
final class HandshakeCounters: Sendable {
    private let completed = Atomic(0)
    private let failed = Atomic(0)

    func count(isComplete: Bool) {
        if isComplete {
            completed.add(1, ordering: .relaxed)
        } else {
            failed.add(1, ordering: .relaxed)
        }
    }

    var values: (completed: Int, failed: Int) {
        (completed.load(ordering: .relaxed), failed.load(ordering: .relaxed))
    }
}
