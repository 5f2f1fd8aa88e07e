/// @file
/// A store as an HDF5 file: written whole under another name, synced, renamed; read whole.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <hdf5.h>

#include "base/array.h"
#include "io/store.h"
#include "io/store_items.h"

enum { PATH_TEXT = 1100, READ_TEXT = 256 };

/// HDF5 prints its stack to stderr unless told not to; messages here name the file instead.
static void be_silent(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static int write_text_attribute(hid_t object, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(text) + 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const int ok = attribute >= 0 && H5Awrite(attribute, type, text) >= 0;
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    H5Sclose(space);
    H5Tclose(type);
    return ok;
}

static hid_t item_type(const struct qn_store_item *item)
{
    if (item->kind == QN_STORE_STRING) {
        const hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, qn_store_size(item));
        H5Tset_cset(type, H5T_CSET_UTF8);
        return type;
    }
    return H5Tcopy(item->kind == QN_STORE_DOUBLES ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64);
}

static int write_dataset(hid_t file, hid_t groups, const struct qn_store_item *item)
{
    hsize_t dims[QN_STORE_RANK] = {0};
    for (int k = 0; k < item->rank; k++) {
        dims[k] = item->dims[k];
    }
    const int scalar = item->kind == QN_STORE_STRING || item->rank == 0;
    const hid_t space = scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(item->rank, dims, NULL);
    const hid_t type = item_type(item);
    const hid_t set = H5Dcreate2(file, item->path, type, space, groups, H5P_DEFAULT, H5P_DEFAULT);
    int ok = set >= 0;
    if (ok && qn_store_size(item) > 0) {
        ok = H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, item->data) >= 0;
    }
    if (ok && item->kind != QN_STORE_STRING) {
        ok = write_text_attribute(set, "units", item->unit);
    }
    ok = ok && write_text_attribute(set, "description", item->description);
    if (set >= 0) {
        H5Dclose(set);
    }
    H5Tclose(type);
    H5Sclose(space);
    return ok;
}

static int write_attribute(hid_t file, hid_t groups, const struct qn_store_attribute *a)
{
    hid_t object = H5Oopen(file, a->path, H5P_DEFAULT);
    if (object < 0) { // a group that holds nothing else
        object = H5Gcreate2(file, a->path, groups, H5P_DEFAULT, H5P_DEFAULT);
    }
    const int ok = object >= 0 && write_text_attribute(object, a->name, a->text);
    if (object >= 0) {
        H5Oclose(object);
    }
    return ok;
}

static enum qn_status fill_file(hid_t file, const struct qn_store *store, const char *path)
{
    const hid_t groups = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(groups, 1);
    enum qn_status status = QN_OK;
    for (size_t k = 0; k < store->n_items && status == QN_OK; k++) {
        const struct qn_store_item *item = &store->item[k];
        const int ok = item->kind == QN_STORE_EXTERNAL
                           ? H5Lcreate_external(item->file, item->target, file, item->path, groups,
                                                H5P_DEFAULT) >= 0
                           : write_dataset(file, groups, item);
        if (!ok) {
            status =
                qn_fail(QN_ERR_IO, "%s: cannot write %s (is the disk full?)", path, item->path);
        }
    }
    for (size_t k = 0; k < store->n_attributes && status == QN_OK; k++) {
        if (!write_attribute(file, groups, &store->attribute[k])) {
            status = qn_fail(QN_ERR_IO, "%s: cannot write attribute %s of %s", path,
                             store->attribute[k].name, store->attribute[k].path);
        }
    }
    H5Pclose(groups);
    return status;
}

static enum qn_status sync_path(const char *path, int flags)
{
    const int fd = open(path, flags);
    const int bad = fd < 0 || fsync(fd) != 0;
    const int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    return bad ? qn_fail(QN_ERR_IO, "%s: cannot be synced: %s", path, strerror(why)) : QN_OK;
}

/// Keep the old file as .prev and move the new one into its place, so that `path` always exists.
static enum qn_status move_into_place(const char *temporary, const char *path)
{
    char previous[PATH_TEXT], folder[PATH_TEXT];
    snprintf(previous, sizeof previous, "%s.prev", path);
    if (access(path, F_OK) == 0) {
        unlink(previous);
        // a second name first; a file system without hard links leaves a gap of one rename
        if (link(path, previous) != 0 && rename(path, previous) != 0) {
            return qn_fail(QN_ERR_IO, "%s: cannot be kept as .prev: %s", path, strerror(errno));
        }
    }
    if (rename(temporary, path) != 0) {
        return qn_fail(QN_ERR_IO, "%s: cannot be put in place: %s", path, strerror(errno));
    }
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *(slash == folder ? slash + 1 : slash) = '\0';
    }
    return sync_path(slash ? folder : ".", O_RDONLY | O_DIRECTORY);
}

enum qn_status qn_store_write(const struct qn_store *store, const char *path)
{
    be_silent();
    char temporary[PATH_TEXT];
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    const hid_t file = H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    if (file < 0) {
        return qn_fail(QN_ERR_IO, "%s: cannot be created", temporary);
    }
    enum qn_status status = fill_file(file, store, path);
    if (H5Fclose(file) < 0 && status == QN_OK) {
        status = qn_fail(QN_ERR_IO, "%s: cannot be closed (is the disk full?)", temporary);
    }
    if (status == QN_OK) {
        status = sync_path(temporary, O_RDWR);
    }
    if (status == QN_OK) {
        return move_into_place(temporary, path);
    }
    unlink(temporary);
    return status;
}

/// Text of a fixed-length string attribute; "" when it is not one.
static void read_text_attribute(hid_t object, const char *name, char *out, size_t size)
{
    out[0] = '\0';
    if (H5Aexists(object, name) <= 0) {
        return;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    const size_t length = H5Tget_size(type);
    if (H5Tget_class(type) == H5T_STRING && !H5Tis_variable_str(type)) {
        char *text = qn_alloc(length + 1, 1);
        if (H5Aread(attribute, type, text) >= 0) {
            snprintf(out, size, "%s", text);
        }
        qn_free(text);
    }
    H5Tclose(type);
    H5Aclose(attribute);
}

/// Where a visit of the file puts what it finds.
struct reader {
    struct qn_store *store;
    const char *path; // of the file
    enum qn_status status;
};

static enum qn_status read_dataset(hid_t set, const char *name, struct qn_store *store)
{
    char unit[READ_TEXT], description[4 * READ_TEXT];
    read_text_attribute(set, "units", unit, sizeof unit);
    read_text_attribute(set, "description", description, sizeof description);
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const H5T_class_t class = H5Tget_class(type);
    hsize_t dims[QN_STORE_RANK] = {0};
    const int rank = H5Sget_simple_extent_ndims(space);
    int ok = rank >= 0 && rank <= QN_STORE_RANK &&
             (class == H5T_FLOAT || class == H5T_INTEGER ||
              (class == H5T_STRING && !H5Tis_variable_str(type) && rank == 0));
    if (ok) {
        H5Sget_simple_extent_dims(space, dims, NULL);
        const enum qn_store_kind kind = class == H5T_FLOAT     ? QN_STORE_DOUBLES
                                        : class == H5T_INTEGER ? QN_STORE_INTEGERS
                                                               : QN_STORE_STRING;
        struct qn_store_item *item = qn_store_fresh(store, name, kind, unit, description);
        item->rank = kind == QN_STORE_STRING ? 1 : rank;
        for (int k = 0; k < rank; k++) {
            item->dims[k] = dims[k];
        }
        item->dims[0] = kind == QN_STORE_STRING ? H5Tget_size(type) : item->dims[0];
        const size_t size = qn_store_size(item);
        item->data = qn_alloc(size, sizeof(double));
        item->capacity = size;
        const hid_t memory = item_type(item);
        ok = size == 0 || H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, item->data) >= 0;
        H5Tclose(memory);
    }
    H5Sclose(space);
    H5Tclose(type);
    return ok ? QN_OK : qn_fail(QN_ERR_IO, "cannot read %s", name);
}

static herr_t read_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
    (void)info;
    struct reader *r = data;
    char text[4 * READ_TEXT];
    read_text_attribute(object, name, text, sizeof text);
    char where[PATH_TEXT] = "/";
    H5Iget_name(object, where, sizeof where);
    qn_store_attr(r->store, where, name, text);
    return 0;
}

static herr_t read_link(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    struct reader *r = data;
    char full[PATH_TEXT];
    snprintf(full, sizeof full, "/%s", name);
    if (info->type == H5L_TYPE_EXTERNAL) {
        char *packed = qn_alloc(info->u.val_size, 1);
        const char *file, *target;
        if (H5Lget_val(group, name, packed, info->u.val_size, H5P_DEFAULT) >= 0 &&
            H5Lunpack_elink_val(packed, info->u.val_size, NULL, &file, &target) >= 0) {
            qn_store_link(r->store, full, file, target);
        }
        qn_free(packed);
        return 0;
    }
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
        r->status = qn_fail(QN_ERR_IO, "cannot open %s", full);
        return -1;
    }
    if (H5Iget_type(object) == H5I_DATASET) {
        r->status = read_dataset(object, full, r->store);
    } else {
        H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, read_attribute, r);
    }
    H5Oclose(object);
    return r->status == QN_OK ? 0 : -1;
}

enum qn_status qn_store_read(const char *path, struct qn_store **store)
{
    be_silent();
    *store = NULL;
    if (access(path, R_OK) != 0) {
        return qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) {
        return qn_fail(QN_ERR_IO, "%s: not a complete HDF5 file", path);
    }
    struct reader r = {.store = qn_store_new(), .path = path, .status = QN_OK};
    H5Aiterate2(file, H5_INDEX_NAME, H5_ITER_INC, NULL, read_attribute, &r);
    const herr_t visited = H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, read_link, &r);
    H5Fclose(file);
    if (r.status == QN_OK && visited < 0) {
        r.status = qn_fail(QN_ERR_IO, "its links cannot be read");
    }
    if (r.status != QN_OK) {
        qn_store_free(r.store);
        return qn_fail_context(r.status, "%s: ", path);
    }
    *store = r.store;
    return QN_OK;
}
