import CountersignClient
import Foundation
import Synchronization

/// A network that answers from a script, and remembers what was sent.
final class ScriptedTransport: Transport {
    typealias Reply = @Sendable (TransportRequest) throws(TransportError) -> TransportResponse

    private struct State {
        var replies: [Reply]
        var sent: [TransportRequest] = []
    }

    private let state: Mutex<State>

    /// Answers one request after the other; the last reply serves all further ones.
    convenience init(_ replies: Reply...) { self.init(replies) }

    init(_ replies: [Reply]) { state = Mutex(State(replies: replies)) }

    var sent: [TransportRequest] { state.withLock { $0.sent } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let reply: Reply? = state.withLock { state in
            state.sent.append(request)
            return state.replies.count > 1 ? state.replies.removeFirst() : state.replies.first
        }
        guard let reply else { throw TransportError(.unreachable, mayHaveArrived: false) }
        return try reply(request)
    }
}

extension ScriptedTransport {
    /// The same JSON for whatever is asked.
    static func answering(
        _ status: Int = 200, _ body: String = "{}", headers: [String: String] = [:]
    ) -> Reply {
        { _ in TransportResponse(status: status, headers: headers, body: Data(body.utf8)) }
    }

    static func failing(_ kind: TransportError.Kind, mayHaveArrived: Bool) -> Reply {
        { (_) throws(TransportError) in throw TransportError(kind, mayHaveArrived: mayHaveArrived) }
    }
}

extension TransportRequest {
    /// The body as text; empty for none.
    var text: String { String(decoding: body ?? Data(), as: UTF8.self) }

    /// A member of the body, where that is a flat object of texts.
    subscript(member: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: body ?? Data()) as? [String: Any]
        return object?[member] as? String
    }
}
