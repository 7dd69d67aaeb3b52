import CPhoneNumber
import Workspaces

extension NumberKind {
    /// libphonenumber's word for it.
    init(_ type: Int32) {
        switch Int(type) {
        case COUNTERSIGN_PHONE_NUMBER_FIXED_LINE: self = .fixedLine
        case COUNTERSIGN_PHONE_NUMBER_MOBILE: self = .mobile
        case COUNTERSIGN_PHONE_NUMBER_FIXED_LINE_OR_MOBILE: self = .fixedLineOrMobile
        case COUNTERSIGN_PHONE_NUMBER_TOLL_FREE: self = .tollFree
        case COUNTERSIGN_PHONE_NUMBER_PREMIUM_RATE: self = .premiumRate
        case COUNTERSIGN_PHONE_NUMBER_SHARED_COST: self = .sharedCost
        case COUNTERSIGN_PHONE_NUMBER_VOIP: self = .voIP
        case COUNTERSIGN_PHONE_NUMBER_PERSONAL: self = .personal
        case COUNTERSIGN_PHONE_NUMBER_PAGER: self = .pager
        case COUNTERSIGN_PHONE_NUMBER_UAN: self = .universalAccess
        case COUNTERSIGN_PHONE_NUMBER_VOICEMAIL: self = .voicemail
        default: self = .unknown
        }
    }
}
