import Glibc
import Testing

@testable import HTTPServer

@Suite("The listener's certificate")
struct TLSIdentityTests {
    private let folder: CertificateFolder

    init() throws { folder = try CertificateFolder(host: "one.example") }

    private func identity() throws -> TLSIdentity { try TLSIdentity(folder.files, now: CertificateFolder.now) }

    @Test("a new pair of files takes the old one's place, once")
    func renewed() throws {
        let identity = try identity()
        let first = identity.context
        guard case .unchanged = identity.reload(now: CertificateFolder.now) else {
            Issue.record("nothing had changed")
            return
        }
        try folder.renew(host: "two.example")
        guard case .changed(let certificate) = identity.reload(now: CertificateFolder.now) else {
            Issue.record("the new pair was not taken")
            return
        }
        #expect(certificate.names == "DNS:two.example")
        #expect(identity.certificate == certificate)
        // Connections that began under the first keep it.
        #expect(first.certificate.names == "DNS:one.example")
    }

    @Test("files that cannot serve leave the certificate of before in use, and are named until they are mended")
    func broken() throws {
        let identity = try identity()
        let before = identity.certificate
        try folder.replace("certificate.pem", Array("no certificate".utf8))
        guard case .refused(let error) = identity.reload(now: CertificateFolder.now) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .noCertificate)
        #expect(identity.certificate == before)
        #expect(identity.refusal == error)
        try folder.renew(host: "two.example")
        _ = identity.reload(now: CertificateFolder.now)
        #expect(identity.refusal == nil)
        #expect(identity.certificate.names == "DNS:two.example")
    }

    @Test("a key whose mode is mended is read again, and one that everybody may read from now on is told of")
    func mode() throws {
        let identity = try identity()
        chmod(folder.files.key, 0o644)
        guard case .refused(let error) = identity.reload(now: CertificateFolder.now) else {
            Issue.record("nobody looked at the mode")
            return
        }
        #expect(error.code == .keyExposed)
        chmod(folder.files.key, 0o640)
        _ = identity.reload(now: CertificateFolder.now)
        #expect(identity.refusal == nil)
    }

    @Test("the keys of tickets are made anew after six hours, without a word")
    func ticketKeys() throws {
        let identity = try identity()
        let first = identity.context
        guard case .unchanged = identity.reload(now: CertificateFolder.now + 6 * 3600 + 1) else {
            Issue.record("the certificate is the same")
            return
        }
        #expect(identity.context !== first)
    }

    private func refusal(now: Int64 = CertificateFolder.now) -> TLSError.Code? {
        do throws(TLSError) {
            _ = try TLSIdentity(folder.files, now: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a key that everybody may read is refused; one for a group is not")
    func exposed() throws {
        let key = try PEMFile.read(folder.files.key)
        try folder.replace("key.pem", key, mode: 0o644)
        #expect(refusal() == .keyExposed)
        try folder.replace("key.pem", key, mode: 0o640)
        #expect(refusal() == nil)
    }

    @Test("a key of another certificate is refused")
    func mismatch() throws {
        try folder.replace("key.pem", SelfSignedCertificate(hosts: ["a"], days: 1, now: CertificateFolder.now).key)
        #expect(refusal() == .mismatch)
    }

    @Test("a certificate is refused after its end, and before its beginning")
    func times() {
        #expect(refusal(now: CertificateFolder.now + 31 * 86_400) == .expired)
        #expect(refusal(now: CertificateFolder.now - 7200) == .notYetValid)
    }

    @Test("files that are missing, or hold something else, are told apart")
    func files() throws {
        try folder.replace(
            "key.pem", Array("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8))
        #expect(refusal() == .keyEncrypted)
        try folder.replace("key.pem", PEMFile.read(folder.files.certificate))
        #expect(refusal() == .noKey)
        try folder.replace(
            "certificate.pem", Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8))
        #expect(refusal() == .unreadable)
        let missing = TLSFiles(certificate: folder.path + "/none", key: folder.files.key)
        #expect(throws: TLSError.unreadable("", "")) { try TLSIdentity(missing, now: CertificateFolder.now) }
    }

    @Test(
        "days are counted whole, and an end in the past is negative",
        arguments: [
            (0, 0), (86_399, 0), (86_400, 1), (-1, -1), (-86_400, -1), (-86_401, -2),
        ])
    func days(seconds: Int64, days: Int64) {
        let facts = CertificateFacts(
            subject: "", issuer: "", names: "", notBefore: 0, notAfter: 1_000_000 + seconds, fingerprint: "")
        #expect(facts.daysLeft(now: 1_000_000) == days)
    }

    @Test(
        "it is renewed with a third of its time left, and a month before its end at the latest",
        arguments: [(398, 31, false), (398, 29, true), (90, 31, false), (90, 29, true), (30, 11, false), (30, 9, true)])
    func renewal(lifetime: Int64, left: Int64, isDue: Bool) {
        let facts = CertificateFacts(
            subject: "", issuer: "", names: "", notBefore: 0, notAfter: lifetime * 86_400, fingerprint: "")
        #expect(facts.isRenewalDue(now: (lifetime - left) * 86_400) == isDue)
    }
}
