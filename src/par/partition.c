/// @file
/// Recursive coordinate bisection by Zoltan.
#include "par/partition.h"

#include <string.h>

#include <mpi.h>
#include <zoltan.h>

#include "base/array.h"

struct qn_partition {
    struct Zoltan_Struct *zoltan;
    int n; // points of the balance that runs now
    double (*x)[3];
    const double *weight;
    int rank;
};

static int count(void *data, int *error)
{
    *error = ZOLTAN_OK;
    return ((const struct qn_partition *)data)->n;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are Zoltan's
static void list(void *data, int ng, int nl, ZOLTAN_ID_PTR global, ZOLTAN_ID_PTR local, int dim,
                 float *weight, int *error)
{
    const struct qn_partition *p = data;
    for (int k = 0; k < p->n; k++) {
        // names only have to differ; nothing is moved by Zoltan itself
        global[ng * k] = (ZOLTAN_ID_TYPE)p->rank;
        global[ng * k + 1] = (ZOLTAN_ID_TYPE)k;
        if (nl > 0) {
            local[nl * k] = (ZOLTAN_ID_TYPE)k;
        }
        if (dim > 0) {
            weight[dim * k] = (float)p->weight[k];
        }
    }
    *error = ZOLTAN_OK;
}

static int dimensions(void *data, int *error)
{
    (void)data;
    *error = ZOLTAN_OK;
    return 3;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are Zoltan's
static void place(void *data, int ng, int nl, int n, ZOLTAN_ID_PTR global, ZOLTAN_ID_PTR local,
                  int dim, double *out, int *error)
{
    const struct qn_partition *p = data;
    (void)ng, (void)global;
    for (int k = 0; k < n; k++) {
        memcpy(out + dim * k, p->x[local[nl * k]], 3 * sizeof *out);
    }
    *error = ZOLTAN_OK;
}

struct qn_partition *qn_partition_new(struct qn_group *g)
{
    static int started;
    float version;
    MPI_Comm comm;
    if (qn_group_alone(g)) {
        return NULL;
    }
    if (!started) {
        QN_ASSERT(Zoltan_Initialize(0, NULL, &version) == ZOLTAN_OK);
        started = 1;
    }
    memcpy(&comm, qn_group_communicator(g), sizeof comm);
    struct qn_partition *p = qn_alloc(1, sizeof *p);
    p->rank = g->rank;
    p->zoltan = Zoltan_Create(comm);
    QN_ASSERT(p->zoltan);
    Zoltan_Set_Param(p->zoltan, "DEBUG_LEVEL", "0");
    Zoltan_Set_Param(p->zoltan, "LB_METHOD", "RCB");
    Zoltan_Set_Param(p->zoltan, "KEEP_CUTS", "1");
    Zoltan_Set_Param(p->zoltan, "NUM_GID_ENTRIES", "2");
    Zoltan_Set_Param(p->zoltan, "NUM_LID_ENTRIES", "1");
    Zoltan_Set_Param(p->zoltan, "OBJ_WEIGHT_DIM", "1");
    Zoltan_Set_Param(p->zoltan, "RETURN_LISTS", "NONE");
    Zoltan_Set_Param(p->zoltan, "IMBALANCE_TOL", "1.01");
    Zoltan_Set_Num_Obj_Fn(p->zoltan, count, p);
    Zoltan_Set_Obj_List_Fn(p->zoltan, list, p);
    Zoltan_Set_Num_Geom_Fn(p->zoltan, dimensions, p);
    Zoltan_Set_Geom_Multi_Fn(p->zoltan, place, p);
    return p;
}

void qn_partition_free(struct qn_partition *p)
{
    if (p) {
        Zoltan_Destroy(&p->zoltan);
        qn_free(p);
    }
}

void qn_partition_balance(struct qn_partition *p, int n, double (*x)[3], const double *weight)
{
    int changed, ng, nl, n_in, n_out;
    ZOLTAN_ID_PTR in_global = NULL, in_local = NULL, out_global = NULL, out_local = NULL;
    int *in_rank = NULL, *in_part = NULL, *out_rank = NULL, *out_part = NULL;
    p->n = n, p->x = x, p->weight = weight;
    QN_ASSERT(Zoltan_LB_Partition(p->zoltan, &changed, &ng, &nl, &n_in, &in_global, &in_local,
                                  &in_rank, &in_part, &n_out, &out_global, &out_local, &out_rank,
                                  &out_part) == ZOLTAN_OK);
    Zoltan_LB_Free_Part(&in_global, &in_local, &in_rank, &in_part);
    Zoltan_LB_Free_Part(&out_global, &out_local, &out_rank, &out_part);
    p->n = 0, p->x = NULL, p->weight = NULL;
}

int qn_partition_owner(const struct qn_partition *p, const double x[3])
{
    int rank, part;
    double at[3] = {x[0], x[1], x[2]};
    QN_ASSERT(Zoltan_LB_Point_PP_Assign(p->zoltan, at, &rank, &part) == ZOLTAN_OK);
    return rank;
}
