#pragma once
#include "CLinuxPeer.h"
