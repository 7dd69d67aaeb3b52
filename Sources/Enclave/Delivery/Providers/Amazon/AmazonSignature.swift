import Configuration
import Crypto
import Encodings
import EnclaveLink

/// Signs `POST` requests with a form as AWS wants it: Signature Version 4
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
struct AmazonSignature: Equatable, Sendable {
    private static let signedHeaders = "content-type;host;x-amz-date"

    let accessKey: String
    let secretKey: SecretText
    let region: String
    let service: String
    /// As the test suite of AWS has it, which writes it in two ways.
    var contentType = "application/x-www-form-urlencoded; charset=utf-8"

    func signed(_ form: [UInt8], to address: HTTPSAddress, now: WallTime) -> HTTPSRequest {
        let time = now.amazonTime
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let canonical = [
            "POST", address.path, "", "content-type:\(contentType)", "host:\(address.hostHeader)",
            "x-amz-date:\(time)", "", Self.signedHeaders, Self.digest(form),
        ].joined(separator: "\n")
        let text = ["AWS4-HMAC-SHA256", time, scope, Self.digest(Array(canonical.utf8))].joined(separator: "\n")
        let signature = Hexadecimal.encode(Self.code(for: text, using: key(on: String(time.prefix(8)))))
        return HTTPSRequest(
            path: address.path,
            headers: [
                "Content-Type: \(contentType)", "X-Amz-Date: \(time)",
                "Authorization: AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), "
                    + "SignedHeaders=\(Self.signedHeaders), Signature=\(signature)",
            ], body: form)
    }

    /// - Parameter day: as `20261122`.
    private func key(on day: String) -> [UInt8] {
        [day, region, service, "aws4_request"].reduce(Array("AWS4\(secretKey.reveal())".utf8)) {
            Self.code(for: $1, using: $0)
        }
    }

    private static func code(for text: String, using key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func digest(_ bytes: [UInt8]) -> String { Hexadecimal.encode(Array(SHA256.hash(data: bytes))) }
}

extension HTTPSAddress {
    /// What libcurl puts into the header `Host`: the port only where it is not the usual one.
    fileprivate var hostHeader: String {
        destination.port == 443 ? String(destination.authority.dropLast(":443".count)) : destination.authority
    }
}
