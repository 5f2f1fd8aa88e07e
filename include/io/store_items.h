/// @file
/// The inside of a store, shared by its memory (store.c) and its file form (store_hdf5.c).
#pragma once

#include <stddef.h>
#include <stdint.h>

enum qn_store_kind { QN_STORE_DOUBLES, QN_STORE_INTEGERS, QN_STORE_STRING, QN_STORE_EXTERNAL };

/// One dataset, or one link. Owns its texts and data.
struct qn_store_item {
    enum qn_store_kind kind;
    char *path, *unit, *description;
    int rank;
    size_t dims[4];
    void *data;          ///< doubles, integers, or the bytes of a text without its zero
    size_t capacity;     ///< elements that fit into data
    char *file, *target; ///< of a link
};

struct qn_store_attribute {
    char *path, *name, *text;
};

struct qn_store {
    struct qn_store_item *item;
    size_t n_items, cap_items;
    struct qn_store_attribute *attribute;
    size_t n_attributes, cap_attributes;
};

/// Elements of an item's shape.
size_t qn_store_size(const struct qn_store_item *item);

/// The item at a path, made or emptied; keeps nothing but its place in the order.
struct qn_store_item *qn_store_fresh(struct qn_store *store, const char *path,
                                     enum qn_store_kind kind, const char *unit,
                                     const char *description);
