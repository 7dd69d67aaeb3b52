import Crypto
import Testing

@testable import SealedPasscodes

@Suite("Points that were read lately")
struct RecentPointsTests {
    private static func point() -> CurvePoint { CurvePoint(P256.Signing.PrivateKey().publicKey) }

    @Test("a point is found by its compressed spelling, and no other")
    func found() {
        let points = RecentPoints(limit: 8)
        let known = Self.point()
        points.remember(known)
        #expect(points.find(known.compressed) === known)
        #expect(points.find(Self.point().compressed) == nil)
        // The other point with the same x.
        #expect(points.find([known.compressed[0] ^ 1] + known.compressed.dropFirst()) == nil)
    }

    @Test("strangers who bring many keys cannot make it grow, and the newest stay")
    func bounded() {
        let points = RecentPoints(limit: 8)
        let all = (0..<100).map { _ in Self.point() }
        for point in all {
            points.remember(point)
            #expect(points.count <= 8)
        }
        for point in all.suffix(4) { #expect(points.find(point.compressed) === point) }
        #expect(points.find(all[0].compressed) == nil)
    }

    @Test("a key whose x is remembered is still refused with another y")
    func otherHalf() throws {
        let key = try TestKey().publicKey
        _ = try P256PublicKey(point: key.compressed)
        var forged = key.uncompressed
        forged[40] ^= 1
        #expect(throws: SealedPasscodeError(.malformedPoint)) { try P256PublicKey(point: forged) }
        let negative = try P256PublicKey(point: [key.compressed[0] ^ 1] + key.compressed.dropFirst())
        #expect(negative != key)
    }
}
