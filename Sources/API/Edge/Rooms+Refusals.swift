import HTTPServer
import Logging

extension Rooms {
    /// Writes why a request was refused: outside, an error says what the caller can do; inside, the log has the reason
    /// under the request's identifier.
    func logRefusal(of request: Request, code: String, reason: String) {
        var fields: Logger.Metadata = [
            "request_id": "\(request.identifier)", "code": "\(code)", "reason": "\(reason)", "peer": "\(request.peer)",
        ]
        if let context = TraceContext(request.headers) { fields["trace_id"] = "\(context.trace)" }
        logger.info("refused", metadata: fields)
    }
}
