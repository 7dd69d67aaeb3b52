import HTTPServer
import Logging

extension Rooms {
    /// Writes why a request was refused: outside, an error says what the caller can do; inside, the log has the reason
    /// under the request's identifier.
    func logRefusal(of request: Request, code: String, reason: String) {
        logger.info(
            "refused",
            metadata: [
                "request": "\(request.identifier)", "code": "\(code)", "reason": "\(reason)", "peer": "\(request.peer)",
            ])
    }
}
