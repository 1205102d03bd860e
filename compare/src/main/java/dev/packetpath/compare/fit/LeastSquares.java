package dev.packetpath.compare.fit;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The method of Levenberg (1944) and Marquardt (1963) for few parameters, with derivatives by
 * differences.
 */
final class LeastSquares {
  private static final int ROUNDS = 200;
  private static final double STEP = 1e-4;
  private static final double ENOUGH = 1e-12;

  private LeastSquares() {}

  /**
   * Returns the parameters for which the residuals' squares have the least sum nearby.
   *
   * @param residuals what is left at some parameters, always as many numbers
   * @param start where to start; parameters of the same order of magnitude are found best
   */
  static double[] minimize(Function<double[], double[]> residuals, double[] start) {
    double[] at = start.clone();
    double[] left = residuals.apply(at);
    double[][] slopes = slopes(residuals, at, left.length);
    double damping = 1e-3;
    for (int round = 0; round < ROUNDS; round++) {
      double[] step = solve(normal(slopes, damping), against(slopes, left));
      double[] next = at.clone();
      for (int i = 0; i < next.length; i++) {
        next[i] += step[i];
      }
      if (Arrays.equals(next, at)) {
        return at; // rounding takes the step back, and the next one would be shorter
      }
      double[] nextLeft = residuals.apply(next);
      double gain = square(left) - square(nextLeft);
      if (gain > 0) {
        at = next;
        left = nextLeft;
        damping /= 10;
        if (gain < ENOUGH * square(left)) {
          return at;
        }
        slopes = slopes(residuals, at, left.length);
      } else {
        damping *= 10;
        if (damping > 1e12) {
          return at;
        }
      }
    }
    return at;
  }

  /** Returns how each residual changes with each parameter: one row a parameter. */
  private static double[][] slopes(
      Function<double[], double[]> residuals, double[] at, int residualCount) {
    double[][] slopes = new double[at.length][residualCount];
    for (int i = 0; i < at.length; i++) {
      double[] aside = at.clone();
      double step = STEP * Math.max(Math.abs(at[i]), 1e-3);
      aside[i] = at[i] + step;
      double[] above = residuals.apply(aside);
      aside[i] = at[i] - step;
      double[] below = residuals.apply(aside);
      for (int k = 0; k < residualCount; k++) {
        slopes[i][k] = (above[k] - below[k]) / (2 * step);
      }
    }
    return slopes;
  }

  private static double[][] normal(double[][] slopes, double damping) {
    int size = slopes.length;
    double[][] normal = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        normal[i][j] = product(slopes[i], slopes[j]) * (i == j ? 1 + damping : 1);
      }
    }
    return normal;
  }

  private static double[] against(double[][] slopes, double[] left) {
    return Arrays.stream(slopes).mapToDouble(row -> -product(row, left)).toArray();
  }

  /** Solves linear equations by Gauss's elimination with pivots; both arguments are used up. */
  private static double[] solve(double[][] matrix, double[] right) {
    int size = right.length;
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++) {
        if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) {
          pivot = row;
        }
      }
      swap(matrix, right, column, pivot);
      for (int row = column + 1; row < size; row++) {
        double factor = matrix[row][column] / matrix[column][column];
        for (int k = column; k < size; k++) {
          matrix[row][k] -= factor * matrix[column][k];
        }
        right[row] -= factor * right[column];
      }
    }
    for (int row = size - 1; row >= 0; row--) {
      for (int k = row + 1; k < size; k++) {
        right[row] -= matrix[row][k] * right[k];
      }
      right[row] /= matrix[row][row];
    }
    return right;
  }

  private static void swap(double[][] matrix, double[] right, int one, int other) {
    double[] row = matrix[one];
    matrix[one] = matrix[other];
    matrix[other] = row;
    double value = right[one];
    right[one] = right[other];
    right[other] = value;
  }

  private static double square(double[] values) {
    return product(values, values);
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
