/// The OTP Edge calls of a load generator with a test key.
struct Client {
    let port: UInt16
    var isSecure = false
    let key: String

    /// Sends to as many of `numbers` as `seconds` allow.
    func send(
        to numbers: [String], seconds: Double = .infinity
    ) throws(BenchmarkError) -> (result: LoadResult, sent: [SentCode]) {
        let requests = requests(sendingTo: numbers)
        var sent: [SentCode] = []
        let result = try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: min(seconds, 3600))
        {
            index, _, body in
            if let code = SentCode.code(in: body) { sent.append(SentCode(number: numbers[index], code: code)) }
        }
        return (try result.requiring(200, in: "send-otp"), sent)
    }

    /// One request for each number.
    func requests(sendingTo numbers: [String]) -> PreparedRequests {
        var requests = PreparedRequests()
        for number in numbers {
            requests.post("/api/v1/send-otp", json: #"{"to":"\#(number)","app":"Benchmark"}"#, key: key)
        }
        return requests
    }

    /// Verifies as many codes as `seconds` allow.
    func verify(_ codes: [SentCode], seconds: Double = .infinity) throws(BenchmarkError) -> LoadResult {
        var requests = PreparedRequests()
        for code in codes {
            let json = #"{"phone_number":"\#(code.number)","code":"\#(code.code)"}"#
            requests.post("/api/v1/verify-otp", json: json, key: key)
        }
        return try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: min(seconds, 3600))
    }
}
