/// @file
/// Coefficients of RODAS4 in the form without matrix products: stage i solves
/// (I/(h g) - J) K_i = f(t + a_i h, y + sum a_ij K_j) + sum c_ij K_j/h + h d_i f_t; the last
/// stage's increment is the error (Hairer & Wanner, Solving ODEs II, IV.7; rodas.f, METH = 1).
#pragma once

enum { RODAS_STAGES = 6 };

static const double RODAS_GAMMA = 0.25;
static const double RODAS_ALPHA[RODAS_STAGES] = {0.0, 0.386, 0.21, 0.63, 1.0, 1.0};
static const double RODAS_D[RODAS_STAGES] = {0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0};
static const double RODAS_A[RODAS_STAGES][RODAS_STAGES] = {
    {0.0},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0}};
static const double RODAS_C[RODAS_STAGES][RODAS_STAGES] = {
    {0.0},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136,
     -6.058818238834054}};

/// Weights of the stages' slopes in a quadrature x' = q(y) that rides along. Its increments obey
/// K_x,i = h g (q_i + h d_i q_t + q_y K_i + sum c_ij K_x,j/h), so with w = g (I - g C^T)^-1 b, b
/// the weights of the K, x gains h sum w_i (q_i + h d_i q_t + q_y K_i).
static inline void rodas_weights(double *w)
{
    for (int i = RODAS_STAGES - 1; i >= 0; i--) {
        w[i] = i == RODAS_STAGES - 1 ? 1.0 : RODAS_A[RODAS_STAGES - 1][i];
        for (int j = i + 1; j < RODAS_STAGES; j++) {
            w[i] += RODAS_C[j][i] * w[j];
        }
        w[i] *= RODAS_GAMMA;
    }
}
