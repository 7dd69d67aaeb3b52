import HTTPServer
import Workspaces

/// Which pages may read our answers (Fetch §3.2, "CORS"): those whose origin a workspace lists, character by character.
/// Never `*`, and never with a browser's own credentials, of which the server knows none.
enum CrossOrigin {
    /// Request headers that pages may send, in lower case.
    private static let requestHeaders: Set<String> = [
        "authorization", "content-type", "dpop", "idempotency-key", "x-auth-proxy-config-id", "x-captcha-token",
        "x-client-version", "x-countersign-config", "x-stamp", "x-stamp-attested",
    ]
    /// Answer headers that pages may read beside those that Fetch allows anyway.
    private static let exposedHeaders =
        """
        Idempotency-Replayed, RateLimit, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, Retry-After, \
        WWW-Authenticate, X-Request-Id
        """
    /// Seconds for which a browser may keep a preflight's answer; a removed origin stops working at once all the same.
    private static let preflightLifetime = 600
    /// Request headers that a preflight may ask for, at most.
    private static let requestedHeaderLimit = 32

    /// The page's origin if it is one of `allowed`; nil for a request of no page.
    /// Throws `pageNotAllowed`, also for two origins at once.
    static func page(of request: Request, allowed: [String]) throws(VisitorRefusal) -> String? {
        let origins = request.headers.values("Origin")
        guard let origin = origins.first else { return nil }
        guard origins.count == 1, allowed.contains(origin) else { throw .pageNotAllowed }
        return origin
    }

    /// Lets a page of this origin read the answer.
    static func share(_ response: inout Response, with page: String?) {
        response.headers.add("Vary", "Origin")
        guard let page else { return }
        response.headers["Access-Control-Allow-Origin"] = page
        response.headers["Access-Control-Expose-Headers"] = exposedHeaders
    }

    /// The answer to `OPTIONS` on a path with these methods. Where `isAllowed` is false, the browser learns nothing that
    /// lets it go on.
    static func preflight(_ request: Request, methods: [HTTPMethod], isAllowed: Bool) -> Response {
        let methods = methods.map(\.rawValue).joined(separator: ", ")
        var response = Response(status: .noContent, headers: ["Allow": "\(methods), OPTIONS"])
        response.headers.add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        guard isAllowed, let origin = request.headers["Origin"] else { return response }
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Max-Age"] = String(preflightLifetime)
        let headers = requestedHeaders(request)
        if !headers.isEmpty { response.headers["Access-Control-Allow-Headers"] = headers.joined(separator: ", ") }
        return response
    }

    private static func requestedHeaders(_ request: Request) -> [String] {
        request.headers.values("Access-Control-Request-Headers")
            .flatMap { $0.split(separator: ",", maxSplits: requestedHeaderLimit) }
            .prefix(requestedHeaderLimit)
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            .filter(requestHeaders.contains)
    }
}
