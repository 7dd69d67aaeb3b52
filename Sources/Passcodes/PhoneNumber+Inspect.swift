extension PhoneNumber { static func inspect(_ text: String) -> PhoneNumber? { nil } }
func countersign_phone_number_warm_up() {}
