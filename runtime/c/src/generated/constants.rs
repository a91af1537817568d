//! The constants of the C interface. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use rankwise_core::Handle;
use std::ffi::c_int;

pub const MPI_VERSION: c_int = 5;
pub const MPI_SUBVERSION: c_int = 0;
pub const MPI_ABI_VERSION: c_int = 1;
pub const MPI_ABI_SUBVERSION: c_int = 0;

pub const MPI_OP_NULL: MPI_Op = Handle(0x00000020);
pub const MPI_SUM: MPI_Op = Handle(0x00000021);
pub const MPI_MIN: MPI_Op = Handle(0x00000022);
pub const MPI_MAX: MPI_Op = Handle(0x00000023);
pub const MPI_PROD: MPI_Op = Handle(0x00000024);
pub const MPI_BAND: MPI_Op = Handle(0x00000028);
pub const MPI_BOR: MPI_Op = Handle(0x00000029);
pub const MPI_BXOR: MPI_Op = Handle(0x0000002a);
pub const MPI_LAND: MPI_Op = Handle(0x00000030);
pub const MPI_LOR: MPI_Op = Handle(0x00000031);
pub const MPI_LXOR: MPI_Op = Handle(0x00000032);
pub const MPI_MINLOC: MPI_Op = Handle(0x00000038);
pub const MPI_MAXLOC: MPI_Op = Handle(0x00000039);
pub const MPI_REPLACE: MPI_Op = Handle(0x0000003c);
pub const MPI_NO_OP: MPI_Op = Handle(0x0000003d);

pub const MPI_COMM_NULL: MPI_Comm = Handle(0x00000100);
pub const MPI_COMM_WORLD: MPI_Comm = Handle(0x00000101);
pub const MPI_COMM_SELF: MPI_Comm = Handle(0x00000102);

pub const MPI_GROUP_NULL: MPI_Group = Handle(0x00000108);
pub const MPI_GROUP_EMPTY: MPI_Group = Handle(0x00000109);

pub const MPI_WIN_NULL: MPI_Win = Handle(0x00000110);

pub const MPI_FILE_NULL: MPI_File = Handle(0x00000118);

pub const MPI_SESSION_NULL: MPI_Session = Handle(0x00000120);

pub const MPI_MESSAGE_NULL: MPI_Message = Handle(0x00000128);
pub const MPI_MESSAGE_NO_PROC: MPI_Message = Handle(0x00000129);

pub const MPI_INFO_NULL: MPI_Info = Handle(0x00000130);
pub const MPI_INFO_ENV: MPI_Info = Handle(0x00000131);

pub const MPI_ERRHANDLER_NULL: MPI_Errhandler = Handle(0x00000140);
pub const MPI_ERRORS_ARE_FATAL: MPI_Errhandler = Handle(0x00000141);
pub const MPI_ERRORS_ABORT: MPI_Errhandler = Handle(0x00000142);
pub const MPI_ERRORS_RETURN: MPI_Errhandler = Handle(0x00000143);

pub const MPI_REQUEST_NULL: MPI_Request = Handle(0x00000180);

pub const MPI_DATATYPE_NULL: MPI_Datatype = Handle(0x00000200);
pub const MPI_AINT: MPI_Datatype = Handle(0x00000201);
pub const MPI_COUNT: MPI_Datatype = Handle(0x00000202);
pub const MPI_OFFSET: MPI_Datatype = Handle(0x00000203);
pub const MPI_PACKED: MPI_Datatype = Handle(0x00000207);
pub const MPI_SHORT: MPI_Datatype = Handle(0x00000208);
pub const MPI_INT: MPI_Datatype = Handle(0x00000209);
pub const MPI_LONG: MPI_Datatype = Handle(0x0000020a);
pub const MPI_LONG_LONG: MPI_Datatype = Handle(0x0000020b);
pub const MPI_LONG_LONG_INT: MPI_Datatype = MPI_LONG_LONG;
pub const MPI_UNSIGNED_SHORT: MPI_Datatype = Handle(0x0000020c);
pub const MPI_UNSIGNED: MPI_Datatype = Handle(0x0000020d);
pub const MPI_UNSIGNED_LONG: MPI_Datatype = Handle(0x0000020e);
pub const MPI_UNSIGNED_LONG_LONG: MPI_Datatype = Handle(0x0000020f);
pub const MPI_FLOAT: MPI_Datatype = Handle(0x00000210);
pub const MPI_C_FLOAT_COMPLEX: MPI_Datatype = Handle(0x00000212);
pub const MPI_C_COMPLEX: MPI_Datatype = MPI_C_FLOAT_COMPLEX;
pub const MPI_CXX_FLOAT_COMPLEX: MPI_Datatype = Handle(0x00000213);
pub const MPI_DOUBLE: MPI_Datatype = Handle(0x00000214);
pub const MPI_C_DOUBLE_COMPLEX: MPI_Datatype = Handle(0x00000216);
pub const MPI_CXX_DOUBLE_COMPLEX: MPI_Datatype = Handle(0x00000217);
pub const MPI_LOGICAL: MPI_Datatype = Handle(0x00000218);
pub const MPI_INTEGER: MPI_Datatype = Handle(0x00000219);
pub const MPI_REAL: MPI_Datatype = Handle(0x0000021a);
pub const MPI_COMPLEX: MPI_Datatype = Handle(0x0000021b);
pub const MPI_DOUBLE_PRECISION: MPI_Datatype = Handle(0x0000021c);
pub const MPI_DOUBLE_COMPLEX: MPI_Datatype = Handle(0x0000021d);
pub const MPI_CHARACTER: MPI_Datatype = Handle(0x0000021e);
pub const MPI_LONG_DOUBLE: MPI_Datatype = Handle(0x00000220);
pub const MPI_C_LONG_DOUBLE_COMPLEX: MPI_Datatype = Handle(0x00000224);
pub const MPI_CXX_LONG_DOUBLE_COMPLEX: MPI_Datatype = Handle(0x00000225);
pub const MPI_FLOAT_INT: MPI_Datatype = Handle(0x00000228);
pub const MPI_DOUBLE_INT: MPI_Datatype = Handle(0x00000229);
pub const MPI_LONG_INT: MPI_Datatype = Handle(0x0000022a);
pub const MPI_2INT: MPI_Datatype = Handle(0x0000022b);
pub const MPI_SHORT_INT: MPI_Datatype = Handle(0x0000022c);
pub const MPI_LONG_DOUBLE_INT: MPI_Datatype = Handle(0x0000022d);
pub const MPI_2REAL: MPI_Datatype = Handle(0x00000230);
pub const MPI_2DOUBLE_PRECISION: MPI_Datatype = Handle(0x00000231);
pub const MPI_2INTEGER: MPI_Datatype = Handle(0x00000232);
pub const MPI_C_BOOL: MPI_Datatype = Handle(0x00000238);
pub const MPI_CXX_BOOL: MPI_Datatype = Handle(0x00000239);
pub const MPI_WCHAR: MPI_Datatype = Handle(0x0000023c);
pub const MPI_INT8_T: MPI_Datatype = Handle(0x00000240);
pub const MPI_UINT8_T: MPI_Datatype = Handle(0x00000241);
pub const MPI_CHAR: MPI_Datatype = Handle(0x00000243);
pub const MPI_SIGNED_CHAR: MPI_Datatype = Handle(0x00000244);
pub const MPI_UNSIGNED_CHAR: MPI_Datatype = Handle(0x00000245);
pub const MPI_BYTE: MPI_Datatype = Handle(0x00000247);
pub const MPI_INT16_T: MPI_Datatype = Handle(0x00000248);
pub const MPI_UINT16_T: MPI_Datatype = Handle(0x00000249);
pub const MPI_INT32_T: MPI_Datatype = Handle(0x00000250);
pub const MPI_UINT32_T: MPI_Datatype = Handle(0x00000251);
pub const MPI_INT64_T: MPI_Datatype = Handle(0x00000258);
pub const MPI_UINT64_T: MPI_Datatype = Handle(0x00000259);
pub const MPI_LOGICAL1: MPI_Datatype = Handle(0x000002c0);
pub const MPI_INTEGER1: MPI_Datatype = Handle(0x000002c1);
pub const MPI_LOGICAL2: MPI_Datatype = Handle(0x000002c8);
pub const MPI_INTEGER2: MPI_Datatype = Handle(0x000002c9);
pub const MPI_REAL2: MPI_Datatype = Handle(0x000002ca);
pub const MPI_LOGICAL4: MPI_Datatype = Handle(0x000002d0);
pub const MPI_INTEGER4: MPI_Datatype = Handle(0x000002d1);
pub const MPI_REAL4: MPI_Datatype = Handle(0x000002d2);
pub const MPI_COMPLEX4: MPI_Datatype = Handle(0x000002d3);
pub const MPI_LOGICAL8: MPI_Datatype = Handle(0x000002d8);
pub const MPI_INTEGER8: MPI_Datatype = Handle(0x000002d9);
pub const MPI_REAL8: MPI_Datatype = Handle(0x000002da);
pub const MPI_COMPLEX8: MPI_Datatype = Handle(0x000002db);
pub const MPI_LOGICAL16: MPI_Datatype = Handle(0x000002e0);
pub const MPI_INTEGER16: MPI_Datatype = Handle(0x000002e1);
pub const MPI_REAL16: MPI_Datatype = Handle(0x000002e2);
pub const MPI_COMPLEX16: MPI_Datatype = Handle(0x000002e3);
pub const MPI_COMPLEX32: MPI_Datatype = Handle(0x000002eb);

pub const MPI_F_STATUS_SIZE: c_int = 8;
pub const MPI_F_SOURCE: c_int = 0;
pub const MPI_F_TAG: c_int = 1;
pub const MPI_F_ERROR: c_int = 2;

pub const MPI_SUCCESS: c_int = 0;

pub const MPI_ERR_BUFFER: c_int = 1;
pub const MPI_ERR_COUNT: c_int = 2;
pub const MPI_ERR_TYPE: c_int = 3;
pub const MPI_ERR_TAG: c_int = 4;
pub const MPI_ERR_COMM: c_int = 5;
pub const MPI_ERR_RANK: c_int = 6;
pub const MPI_ERR_REQUEST: c_int = 7;
pub const MPI_ERR_ROOT: c_int = 8;
pub const MPI_ERR_GROUP: c_int = 9;
pub const MPI_ERR_OP: c_int = 10;
pub const MPI_ERR_TOPOLOGY: c_int = 11;
pub const MPI_ERR_DIMS: c_int = 12;
pub const MPI_ERR_ARG: c_int = 13;
pub const MPI_ERR_UNKNOWN: c_int = 14;
pub const MPI_ERR_TRUNCATE: c_int = 15;
pub const MPI_ERR_OTHER: c_int = 16;
pub const MPI_ERR_INTERN: c_int = 17;
pub const MPI_ERR_PENDING: c_int = 18;
pub const MPI_ERR_IN_STATUS: c_int = 19;
pub const MPI_ERR_ACCESS: c_int = 20;
pub const MPI_ERR_AMODE: c_int = 21;
pub const MPI_ERR_ASSERT: c_int = 22;
pub const MPI_ERR_BAD_FILE: c_int = 23;
pub const MPI_ERR_BASE: c_int = 24;
pub const MPI_ERR_CONVERSION: c_int = 25;
pub const MPI_ERR_DISP: c_int = 26;
pub const MPI_ERR_DUP_DATAREP: c_int = 27;
pub const MPI_ERR_FILE_EXISTS: c_int = 28;
pub const MPI_ERR_FILE_IN_USE: c_int = 29;
pub const MPI_ERR_FILE: c_int = 30;
pub const MPI_ERR_INFO_KEY: c_int = 31;
pub const MPI_ERR_INFO_NOKEY: c_int = 32;
pub const MPI_ERR_INFO_VALUE: c_int = 33;
pub const MPI_ERR_INFO: c_int = 34;
pub const MPI_ERR_IO: c_int = 35;
pub const MPI_ERR_KEYVAL: c_int = 36;
pub const MPI_ERR_LOCKTYPE: c_int = 37;
pub const MPI_ERR_NAME: c_int = 38;
pub const MPI_ERR_NO_MEM: c_int = 39;
pub const MPI_ERR_NOT_SAME: c_int = 40;
pub const MPI_ERR_NO_SPACE: c_int = 41;
pub const MPI_ERR_NO_SUCH_FILE: c_int = 42;
pub const MPI_ERR_PORT: c_int = 43;
pub const MPI_ERR_QUOTA: c_int = 44;
pub const MPI_ERR_READ_ONLY: c_int = 45;
pub const MPI_ERR_RMA_ATTACH: c_int = 46;
pub const MPI_ERR_RMA_CONFLICT: c_int = 47;
pub const MPI_ERR_RMA_RANGE: c_int = 48;
pub const MPI_ERR_RMA_SHARED: c_int = 49;
pub const MPI_ERR_RMA_SYNC: c_int = 50;
pub const MPI_ERR_SERVICE: c_int = 51;
pub const MPI_ERR_SIZE: c_int = 52;
pub const MPI_ERR_SPAWN: c_int = 53;
pub const MPI_ERR_UNSUPPORTED_DATAREP: c_int = 54;
pub const MPI_ERR_UNSUPPORTED_OPERATION: c_int = 55;
pub const MPI_ERR_WIN: c_int = 56;
pub const MPI_ERR_RMA_FLAVOR: c_int = 57;
pub const MPI_ERR_PROC_ABORTED: c_int = 58;
pub const MPI_ERR_VALUE_TOO_LARGE: c_int = 59;
pub const MPI_ERR_SESSION: c_int = 60;
pub const MPI_ERR_ERRHANDLER: c_int = 61;
pub const MPI_ERR_ABI: c_int = 62;

pub const MPI_T_ERR_CANNOT_INIT: c_int = 1001;
pub const MPI_T_ERR_NOT_ACCESSIBLE: c_int = 1002;
pub const MPI_T_ERR_NOT_INITIALIZED: c_int = 1003;
pub const MPI_T_ERR_NOT_SUPPORTED: c_int = 1004;
pub const MPI_T_ERR_MEMORY: c_int = 1005;
pub const MPI_T_ERR_INVALID: c_int = 1006;
pub const MPI_T_ERR_INVALID_INDEX: c_int = 1007;
pub const MPI_T_ERR_INVALID_ITEM: c_int = 1008;
pub const MPI_T_ERR_INVALID_SESSION: c_int = 1009;
pub const MPI_T_ERR_INVALID_HANDLE: c_int = 1010;
pub const MPI_T_ERR_INVALID_NAME: c_int = 1011;
pub const MPI_T_ERR_OUT_OF_HANDLES: c_int = 1012;
pub const MPI_T_ERR_OUT_OF_SESSIONS: c_int = 1013;
pub const MPI_T_ERR_CVAR_SET_NOT_NOW: c_int = 1014;
pub const MPI_T_ERR_CVAR_SET_NEVER: c_int = 1015;
pub const MPI_T_ERR_PVAR_NO_WRITE: c_int = 1016;
pub const MPI_T_ERR_PVAR_NO_STARTSTOP: c_int = 1017;
pub const MPI_T_ERR_PVAR_NO_ATOMIC: c_int = 1018;

pub const MPI_ERR_LASTCODE: c_int = 16383;

pub const MPI_BOTTOM: usize = 0;
pub const MPI_IN_PLACE: usize = 1;
pub const MPI_BUFFER_AUTOMATIC: usize = 2;

pub const MPI_ARGV_NULL: usize = 0;
pub const MPI_ARGVS_NULL: usize = 0;

pub const MPI_ERRCODES_IGNORE: usize = 0;

pub const MPI_STATUS_IGNORE: usize = 0;
pub const MPI_STATUSES_IGNORE: usize = 0;

pub const MPI_UNWEIGHTED: usize = 10;
pub const MPI_WEIGHTS_EMPTY: usize = 11;

pub const MPI_MAX_DATAREP_STRING: c_int = 128;
pub const MPI_MAX_ERROR_STRING: c_int = 512;
pub const MPI_MAX_INFO_KEY: c_int = 256;
pub const MPI_MAX_INFO_VAL: c_int = 1024;
pub const MPI_MAX_LIBRARY_VERSION_STRING: c_int = 8192;
pub const MPI_MAX_OBJECT_NAME: c_int = 128;
pub const MPI_MAX_PORT_NAME: c_int = 1024;
pub const MPI_MAX_PROCESSOR_NAME: c_int = 256;
pub const MPI_MAX_STRINGTAG_LEN: c_int = 1024;
pub const MPI_MAX_PSET_NAME_LEN: c_int = 1024;

pub const MPI_BSEND_OVERHEAD: c_int = 512;

pub const MPI_MODE_APPEND: c_int = 1;
pub const MPI_MODE_CREATE: c_int = 2;
pub const MPI_MODE_DELETE_ON_CLOSE: c_int = 4;
pub const MPI_MODE_EXCL: c_int = 8;
pub const MPI_MODE_RDONLY: c_int = 16;
pub const MPI_MODE_RDWR: c_int = 32;
pub const MPI_MODE_SEQUENTIAL: c_int = 64;
pub const MPI_MODE_UNIQUE_OPEN: c_int = 128;
pub const MPI_MODE_WRONLY: c_int = 256;
pub const MPI_MODE_NOCHECK: c_int = 1024;
pub const MPI_MODE_NOPRECEDE: c_int = 2048;
pub const MPI_MODE_NOPUT: c_int = 4096;
pub const MPI_MODE_NOSTORE: c_int = 8192;
pub const MPI_MODE_NOSUCCEED: c_int = 16384;

pub const MPI_ANY_SOURCE: c_int = -1;
pub const MPI_ANY_TAG: c_int = -2;
pub const MPI_PROC_NULL: c_int = -3;
pub const MPI_ROOT: c_int = -4;
pub const MPI_UNDEFINED: c_int = -32766;

pub const MPI_THREAD_SINGLE: c_int = 0;
pub const MPI_THREAD_FUNNELED: c_int = 1024;
pub const MPI_THREAD_SERIALIZED: c_int = 2048;
pub const MPI_THREAD_MULTIPLE: c_int = 4096;

pub const MPI_ORDER_C: c_int = 0xC;
pub const MPI_ORDER_FORTRAN: c_int = 0xF;
pub const MPI_DISTRIBUTE_NONE: c_int = 16;
pub const MPI_DISTRIBUTE_BLOCK: c_int = 17;
pub const MPI_DISTRIBUTE_CYCLIC: c_int = 18;
pub const MPI_DISTRIBUTE_DFLT_DARG: c_int = 19;

pub const MPI_COMBINER_NAMED: c_int = 101;
pub const MPI_COMBINER_DUP: c_int = 102;
pub const MPI_COMBINER_CONTIGUOUS: c_int = 103;
pub const MPI_COMBINER_VECTOR: c_int = 104;
pub const MPI_COMBINER_HVECTOR: c_int = 105;
pub const MPI_COMBINER_INDEXED: c_int = 106;
pub const MPI_COMBINER_HINDEXED: c_int = 107;
pub const MPI_COMBINER_INDEXED_BLOCK: c_int = 108;
pub const MPI_COMBINER_HINDEXED_BLOCK: c_int = 109;
pub const MPI_COMBINER_STRUCT: c_int = 110;
pub const MPI_COMBINER_SUBARRAY: c_int = 111;
pub const MPI_COMBINER_DARRAY: c_int = 112;
pub const MPI_COMBINER_F90_REAL: c_int = 113;
pub const MPI_COMBINER_F90_COMPLEX: c_int = 114;
pub const MPI_COMBINER_F90_INTEGER: c_int = 115;
pub const MPI_COMBINER_RESIZED: c_int = 116;
pub const MPI_COMBINER_VALUE_INDEX: c_int = 117;

pub const MPI_TYPECLASS_INTEGER: c_int = 192;
pub const MPI_TYPECLASS_REAL: c_int = 193;
pub const MPI_TYPECLASS_COMPLEX: c_int = 194;

pub const MPI_IDENT: c_int = 201;
pub const MPI_CONGRUENT: c_int = 202;
pub const MPI_SIMILAR: c_int = 203;
pub const MPI_UNEQUAL: c_int = 204;
pub const MPI_CART: c_int = 211;
pub const MPI_GRAPH: c_int = 212;
pub const MPI_DIST_GRAPH: c_int = 213;

pub const MPI_COMM_TYPE_SHARED: c_int = 221;
pub const MPI_COMM_TYPE_HW_UNGUIDED: c_int = 222;
pub const MPI_COMM_TYPE_HW_GUIDED: c_int = 223;
pub const MPI_COMM_TYPE_RESOURCE_GUIDED: c_int = 224;

pub const MPI_LOCK_EXCLUSIVE: c_int = 301;
pub const MPI_LOCK_SHARED: c_int = 302;

pub const MPI_WIN_FLAVOR_CREATE: c_int = 311;
pub const MPI_WIN_FLAVOR_ALLOCATE: c_int = 312;
pub const MPI_WIN_FLAVOR_DYNAMIC: c_int = 313;
pub const MPI_WIN_FLAVOR_SHARED: c_int = 314;
pub const MPI_WIN_UNIFIED: c_int = 321;
pub const MPI_WIN_SEPARATE: c_int = 322;

pub const MPI_SEEK_CUR: c_int = 401;
pub const MPI_SEEK_END: c_int = 402;
pub const MPI_SEEK_SET: c_int = 403;

pub const MPI_DISPLACEMENT_CURRENT: MPI_Offset = -1;

pub const MPI_KEYVAL_INVALID: c_int = 0;
pub const MPI_TAG_UB: c_int = 501;
pub const MPI_IO: c_int = 502;
pub const MPI_HOST: c_int = 503;
pub const MPI_WTIME_IS_GLOBAL: c_int = 504;
pub const MPI_APPNUM: c_int = 505;
pub const MPI_LASTUSEDCODE: c_int = 506;
pub const MPI_UNIVERSE_SIZE: c_int = 507;

pub const MPI_WIN_BASE: c_int = 601;
pub const MPI_WIN_DISP_UNIT: c_int = 602;
pub const MPI_WIN_SIZE: c_int = 603;
pub const MPI_WIN_CREATE_FLAVOR: c_int = 604;
pub const MPI_WIN_MODEL: c_int = 605;

pub const MPI_NULL_COPY_FN: usize = 0x0;
pub const MPI_DUP_FN: usize = 0x1;

pub const MPI_NULL_DELETE_FN: usize = 0x0;

pub const MPI_COMM_NULL_COPY_FN: usize = 0x0;
pub const MPI_COMM_DUP_FN: usize = 0x1;

pub const MPI_COMM_NULL_DELETE_FN: usize = 0x0;

pub const MPI_TYPE_NULL_COPY_FN: usize = 0x0;
pub const MPI_TYPE_DUP_FN: usize = 0x1;

pub const MPI_TYPE_NULL_DELETE_FN: usize = 0x0;

pub const MPI_WIN_NULL_COPY_FN: usize = 0x0;
pub const MPI_WIN_DUP_FN: usize = 0x1;

pub const MPI_WIN_NULL_DELETE_FN: usize = 0x0;

pub const MPI_CONVERSION_FN_NULL: usize = 0x0;

pub const MPI_CONVERSION_FN_NULL_C: usize = 0x0;

pub const MPI_T_ENUM_NULL: MPI_T_enum = Handle(0);

pub const MPI_T_CVAR_HANDLE_NULL: MPI_T_cvar_handle = Handle(0);

pub const MPI_T_PVAR_SESSION_NULL: MPI_T_pvar_session = Handle(0);

pub const MPI_T_PVAR_HANDLE_NULL: MPI_T_pvar_handle = Handle(0);
pub const MPI_T_PVAR_ALL_HANDLES: MPI_T_pvar_handle = Handle(1);

pub const MPI_T_CB_REQUIRE_NONE: c_int = 0x00;
pub const MPI_T_CB_REQUIRE_MPI_RESTRICTED: c_int = 0x03;
pub const MPI_T_CB_REQUIRE_THREAD_SAFE: c_int = 0x0F;
pub const MPI_T_CB_REQUIRE_ASYNC_SIGNAL_SAFE: c_int = 0x3F;

pub const MPI_T_SOURCE_ORDERED: c_int = 1;
pub const MPI_T_SOURCE_UNORDERED: c_int = 2;

pub const MPI_T_VERBOSITY_USER_BASIC: c_int = 0x09;
pub const MPI_T_VERBOSITY_USER_DETAIL: c_int = 0x0a;
pub const MPI_T_VERBOSITY_USER_ALL: c_int = 0x0c;
pub const MPI_T_VERBOSITY_TUNER_BASIC: c_int = 0x11;
pub const MPI_T_VERBOSITY_TUNER_DETAIL: c_int = 0x12;
pub const MPI_T_VERBOSITY_TUNER_ALL: c_int = 0x14;
pub const MPI_T_VERBOSITY_MPIDEV_BASIC: c_int = 0x21;
pub const MPI_T_VERBOSITY_MPIDEV_DETAIL: c_int = 0x22;
pub const MPI_T_VERBOSITY_MPIDEV_ALL: c_int = 0x24;

pub const MPI_T_BIND_NO_OBJECT: c_int = 1;
pub const MPI_T_BIND_MPI_COMM: c_int = 2;
pub const MPI_T_BIND_MPI_DATATYPE: c_int = 3;
pub const MPI_T_BIND_MPI_ERRHANDLER: c_int = 4;
pub const MPI_T_BIND_MPI_FILE: c_int = 5;
pub const MPI_T_BIND_MPI_GROUP: c_int = 6;
pub const MPI_T_BIND_MPI_OP: c_int = 7;
pub const MPI_T_BIND_MPI_REQUEST: c_int = 8;
pub const MPI_T_BIND_MPI_WIN: c_int = 9;
pub const MPI_T_BIND_MPI_MESSAGE: c_int = 10;
pub const MPI_T_BIND_MPI_INFO: c_int = 11;
pub const MPI_T_BIND_MPI_SESSION: c_int = 12;

pub const MPI_T_SCOPE_CONSTANT: c_int = 1;
pub const MPI_T_SCOPE_READONLY: c_int = 2;
pub const MPI_T_SCOPE_LOCAL: c_int = 3;
pub const MPI_T_SCOPE_GROUP: c_int = 4;
pub const MPI_T_SCOPE_GROUP_EQ: c_int = 5;
pub const MPI_T_SCOPE_ALL: c_int = 6;
pub const MPI_T_SCOPE_ALL_EQ: c_int = 7;

pub const MPI_T_PVAR_CLASS_STATE: c_int = 1;
pub const MPI_T_PVAR_CLASS_LEVEL: c_int = 2;
pub const MPI_T_PVAR_CLASS_SIZE: c_int = 3;
pub const MPI_T_PVAR_CLASS_PERCENTAGE: c_int = 4;
pub const MPI_T_PVAR_CLASS_HIGHWATERMARK: c_int = 5;
pub const MPI_T_PVAR_CLASS_LOWWATERMARK: c_int = 6;
pub const MPI_T_PVAR_CLASS_COUNTER: c_int = 7;
pub const MPI_T_PVAR_CLASS_AGGREGATE: c_int = 8;
pub const MPI_T_PVAR_CLASS_TIMER: c_int = 9;
pub const MPI_T_PVAR_CLASS_GENERIC: c_int = 10;

pub const MPI_LB: MPI_Datatype = Handle(0x00000f01);
pub const MPI_UB: MPI_Datatype = Handle(0x00000f02);
pub const MPI_COMBINER_HVECTOR_INTEGER: c_int = 1105;
pub const MPI_COMBINER_HINDEXED_INTEGER: c_int = 1107;
pub const MPI_COMBINER_STRUCT_INTEGER: c_int = 1110;
