import Encodings
import JOSE
import SealedPasscodes

/// The Turnkey dialect's activities, as a back end stamps them, in a sandbox: each code is the same, nothing is sent.
struct DialectClient {
    private static let contact = "user@example.com"
    private static let code = "000000"

    let port: UInt16
    var isSecure = false
    let organization: String
    let stampingKey: StampingKey
    /// The key that tokens and sessions are bound to.
    let clientKey: StampingKey

    /// A challenge that was made, with its target key.
    struct Target {
        let identifier: String
        let key: P256PublicKey
    }

    /// Makes as many challenges as `seconds` allow, `count` at most.
    func initiate(_ count: Int, seconds: Double) throws(BenchmarkError) -> (result: LoadResult, targets: [Target]) {
        var requests = PreparedRequests()
        let time = WallTime.milliseconds
        for number in 0..<count {
            try add(
                "init_otp", "ACTIVITY_TYPE_INIT_OTP_V3", time: time + Int64(number % 1000),
                parameters: """
                    {"otpType":"OTP_TYPE_EMAIL","contact":"\(Self.contact)","appName":"Benchmark \(number)",\
                    "otpLength":6,"alphanumeric":false,"expirationSeconds":"600"}
                    """, to: &requests)
        }
        let (result, bodies) = try answers(requests, seconds: seconds)
        return (
            try result.requiring(200, in: "init_otp"),
            bodies.compactMap { Self.target(Self.result("initOtpResultV2", $0)) }
        )
    }

    /// Verifies as many challenges as `seconds` allow, and returns the tokens.
    func verify(
        _ targets: [Target], seconds: Double
    ) throws(BenchmarkError) -> (result: LoadResult, tokens: [String]) {
        var requests = PreparedRequests()
        let time = WallTime.milliseconds
        for target in targets {
            try add(
                "verify_otp", "ACTIVITY_TYPE_VERIFY_OTP_V2", time: time,
                parameters: """
                    {"otpId":"\(target.identifier)","encryptedOtpBundle":\(JSONText.quoted(try attempt(at: target)))}
                    """, to: &requests)
        }
        let (result, bodies) = try answers(requests, seconds: seconds)
        return (
            try result.requiring(200, in: "verify_otp"),
            bodies.compactMap { Self.result("verifyOtpResult", $0)?["verificationToken"]?.text }
        )
    }

    /// Opens as many sessions as `seconds` allow.
    func logIn(_ tokens: [String], seconds: Double) throws(BenchmarkError) -> LoadResult {
        var requests = PreparedRequests()
        let time = WallTime.milliseconds
        let key = clientKey.publicKey.compressedHexadecimal
        for token in tokens {
            let signature = try clientKey.clientSignature(.logIn, token: token)
            try add(
                "otp_login", "ACTIVITY_TYPE_OTP_LOGIN_V2", time: time,
                parameters: """
                    {"verificationToken":"\(token)","publicKey":"\(key)","clientSignature":\(signature)}
                    """, to: &requests)
        }
        return try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: seconds)
            .requiring(200, in: "otp_login")
    }

    /// Makes the sandbox's contact a user, through the auth proxy.
    func signUp(_ token: String, configuration: String) throws(BenchmarkError) {
        var requests = PreparedRequests()
        let signature = try clientKey.clientSignature(.signUp, token: token)
        requests.post(
            "/v1/signup_v2",
            json: """
                {"apiKeys":[],"authenticators":[],"oauthProviders":[],"userEmail":"\(Self.contact)",\
                "verificationToken":"\(token)","clientSignature":\(signature)}
                """, headers: [("X-Auth-Proxy-Config-Id", configuration)])
        _ = try LoadGenerator(port: port, connections: 1, isSecure: isSecure).run(requests, .once, seconds: 10)
            .requiring(200, in: "signup_v2")
    }

    private func attempt(at target: Target) throws(BenchmarkError) -> String {
        do {
            return try SealedAttempt.seal(
                AttemptContent(code: Self.code, publicKey: clientKey.publicKey), to: target.key
            ).bundle
        } catch {
            throw BenchmarkError("an attempt cannot be sealed: \(error)")
        }
    }

    private func add(
        _ path: String, _ type: String, time: Int64, parameters: String, to requests: inout PreparedRequests
    ) throws(BenchmarkError) {
        let body = """
            {"type":"\(type)","timestampMs":"\(time)","organizationId":"\(organization)","parameters":\(parameters)}
            """
        requests.post(
            "/public/v1/submit/\(path)", json: body, headers: [("X-Stamp", try stampingKey.stamp(body))])
    }

    /// Runs the load and keeps the answers' bodies: they are read afterwards, so that the cores are the server's.
    private func answers(
        _ requests: PreparedRequests, seconds: Double
    ) throws(BenchmarkError) -> (result: LoadResult, bodies: [[UInt8]]) {
        var bodies: [[UInt8]] = []
        let result = try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: seconds) {
            _, _, body in
            bodies.append(Array(body))
        }
        return (result, bodies)
    }

    private static func result(_ name: String, _ body: [UInt8]) -> JSONValue? {
        (try? JSONValue(parsing: body))?["activity"]?["result"]?[name]
    }

    private static func target(_ result: JSONValue?) -> Target? {
        guard let identifier = result?["otpId"]?.text, let text = result?["otpEncryptionTargetBundle"]?.text,
            let bundle = try? TargetBundle(text: text), let content = try? TargetBundle.Content(json: bundle.data)
        else { return nil }
        return Target(identifier: identifier, key: content.target)
    }
}
