import HTTPServer

/// What a page has to say about the step before: what happened, and what to do now.
struct Notice: Sendable, Equatable {
    var status: HTTPResponseStatus
    var text: String
    /// Seconds; 0 where waiting does not help.
    var retryAfter = 0

    init(_ status: HTTPResponseStatus, _ text: String, retryAfter: Int = 0) {
        self.status = status
        self.text = text
        self.retryAfter = retryAfter
    }

    static let unavailable = Notice(
        .serviceUnavailable, "The server cannot answer now. Nothing was done. Try again in a moment.", retryAfter: 1)

    /// Read out by assistive technology as soon as it is there.
    var html: HTML { "<p class=\"notice\" role=\"alert\">\(text)</p>" }

    /// A wait in words.
    static func wait(_ seconds: Int) -> String {
        switch seconds {
        case ...1: "a moment"
        case ...90: "\(seconds) seconds"
        case ...5_400: "\((seconds + 59) / 60) minutes"
        default: "\((seconds + 3_599) / 3_600) hours"
        }
    }
}
