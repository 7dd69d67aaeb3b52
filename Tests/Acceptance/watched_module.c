/* A PKCS #11 module in front of SoftHSM: notes each login, says flags of tokens and lengths of keys that SoftHSM does not say, takes its time to start, to log in and to sign. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST list, *real;

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  FILE *notes = fopen(getenv("WATCHED_LOGINS"), "a");
  const char *milliseconds = getenv("WATCHED_LOGGING_IN");
  CK_RV result = real->C_Login(session, user, pin, length);
  if (notes == NULL) return CKR_GENERAL_ERROR;
  fprintf(notes, "%lx\n", result);
  fclose(notes);
  /* The token has counted the try, and its answer is long in coming. */
  if (milliseconds != NULL) usleep(1000 * (useconds_t)atoi(milliseconds));
  return result;
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *information) {
  CK_RV result = real->C_GetTokenInfo(slot, information);
  const char *flags = getenv("WATCHED_FLAGS");
  if (flags != NULL) information->flags |= strtoul(flags, NULL, 16);
  return result;
}

static CK_RV attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR asked, CK_ULONG count) {
  CK_RV result = real->C_GetAttributeValue(session, object, asked, count);
  const char *text = getenv("WATCHED_KEY_LENGTH");
  CK_ULONG length = text != NULL ? strtoul(text, NULL, 10) : 0;
  if (result != CKR_OK || length == 0) return result;
  for (CK_ULONG each = 0; each < count; each++)
    if (asked[each].type == CKA_VALUE_LEN && asked[each].pValue != NULL) memcpy(asked[each].pValue, &length, sizeof length);
  return result;
}

static CK_RV initialize(void *arguments) {
  const char *milliseconds = getenv("WATCHED_STARTING");
  if (milliseconds != NULL) usleep(1000 * (useconds_t)atoi(milliseconds));
  return real->C_Initialize(arguments);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR signature, CK_ULONG *length) {
  const char *milliseconds = getenv("WATCHED_SIGNING");
  if (milliseconds != NULL) usleep(1000 * (useconds_t)atoi(milliseconds));
  return real->C_Sign(session, data, size, signature, length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR functions) {
  void *softhsm = dlopen(getenv("WATCHED_MODULE"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = softhsm ? (CK_C_GetFunctionList)dlsym(softhsm, "C_GetFunctionList") : NULL;
  if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  list = *real;
  list.C_Initialize = initialize;
  list.C_Login = login;
  list.C_GetTokenInfo = token_info;
  list.C_GetAttributeValue = attributes;
  list.C_Sign = sign;
  *functions = &list;
  return CKR_OK;
}
