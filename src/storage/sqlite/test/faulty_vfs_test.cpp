// The faulty file layer itself: what it keeps back and what it lets through.
#include "storage/sqlite/test/faulty_vfs.hpp"

#include <sqlite3.h>

namespace firstline::storage::sqlite {
namespace {

// Lies before the real file in SQLite's memory for it.
struct FaultyFile {
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real_of(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file)->real; }

int x_close(sqlite3_file* file) {
    return real_of(file)->pMethods == nullptr ? SQLITE_OK : real_of(file)->pMethods->xClose(real_of(file));
}
int x_read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) {
    return real_of(file)->pMethods->xRead(real_of(file), bytes, size, at);
}
int x_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    if (const int code = faults().write; code != SQLITE_OK) return code;
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, size, at);
}
int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}
int x_sync(sqlite3_file* file, int flags) {
    if (const int code = faults().sync; code != SQLITE_OK) return code;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}
int x_file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int x_lock(sqlite3_file* file, int kind) { return real_of(file)->pMethods->xLock(real_of(file), kind); }
int x_unlock(sqlite3_file* file, int kind) { return real_of(file)->pMethods->xUnlock(real_of(file), kind); }
int x_check_reserved(sqlite3_file* file, int* is_reserved) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), is_reserved);
}
int x_control(sqlite3_file* file, int op, void* argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}
int x_sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
int x_characteristics(sqlite3_file* file) { return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file)); }
int x_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}
int x_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void x_shm_barrier(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
int x_shm_unmap(sqlite3_file* file, int is_deleted) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), is_deleted);
}

// Version 2: shared memory, but no mapping of the database, so that every page passes here.
constexpr sqlite3_io_methods kMethods{
    2,           x_close,          x_read,    x_write,       x_truncate,        x_sync,    x_file_size, x_lock,
    x_unlock,    x_check_reserved, x_control, x_sector_size, x_characteristics, x_shm_map, x_shm_lock,  x_shm_barrier,
    x_shm_unmap, nullptr,          nullptr};

int x_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* real_vfs = static_cast<sqlite3_vfs*>(vfs->pAppData);
    auto* faulty = reinterpret_cast<FaultyFile*>(file);
    faulty->real = reinterpret_cast<sqlite3_file*>(faulty + 1);
    const int code = real_vfs->xOpen(real_vfs, name, faulty->real, flags, flags_out);
    faulty->base.pMethods = faulty->real->pMethods == nullptr ? nullptr : &kMethods;
    return code;
}

}  // namespace

Faults& faults() {
    static Faults of_process;
    return of_process;
}

std::string faulty_vfs() {
    static const std::string kName = [] {
        static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
        vfs.pAppData = sqlite3_vfs_find(nullptr);
        vfs.szOsFile += static_cast<int>(sizeof(FaultyFile));
        vfs.zName = "faulty";
        vfs.xOpen = x_open;
        sqlite3_vfs_register(&vfs, 0);
        return std::string("faulty");
    }();
    return kName;
}

}  // namespace firstline::storage::sqlite
