using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The line search, which interpolates between trials by cubics as PyTorch does (after M. Schmidt's minFunc).</summary>
public sealed partial class Lbfgs<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double SufficientDecrease = 1e-4, Flatness = 0.9;

    /// <summary>The gradients of three trials: both ends of the bracket and the newest.</summary>
    private readonly Buffer<T>[] _trialGradients;

    /// <summary>Finds the step length, and sets it, the loss and the gradient there; the parameters keep their values.</summary>
    /// <returns>The number of calls of the closure.</returns>
    private int Search(Func<T> closure, ref double loss, double slope, int maxTrials)
    {
        int free = 0;
        double start = loss;
        double largest = Vectors.Largest<T>(_direction.Span);
        Trial previous = new(0, loss, slope, _gradient), trial = Try(_t, _trialGradients[free++]), low, high;
        int evaluations = 1, trials = 0;
        bool done = false, bracketed = false;
        low = previous;
        high = trial;
        while (trials < maxTrials)
        {
            if (Rises(trial) || (trials > 1 && trial.Loss >= previous.Loss))
            {
                (low, high, bracketed) = (previous, trial, true);
                break;
            }
            if (IsFlat(trial))
            {
                (low, done) = (trial, true);
                break;
            }
            if (trial.Slope >= 0)
            {
                (low, high, bracketed) = (previous, trial, true);
                break;
            }
            double next = Cubic(previous, trial, trial.T + (0.01 * (trial.T - previous.T)), 10 * trial.T);
            Buffer<T> unused = ReferenceEquals(previous.Gradient, _gradient) ? _trialGradients[free++] : previous.Gradient;
            previous = trial;
            trial = Try(next, unused);
            evaluations++;
            trials++;
        }
        if (!done)
        {
            if (!bracketed)
            {
                (low, high) = (new(0, start, slope, _gradient), trial);
            }
            Trial first = low, second = high; // in the order of evaluation, on which ties and the interpolation depend
            bool lowIsFirst = first.Loss <= second.Loss, stalled = false;
            while (!done && trials < maxTrials && Math.Abs(second.T - first.T) * largest >= ChangeTolerance)
            {
                double left = Math.Min(first.T, second.T), right = Math.Max(first.T, second.T);
                double t = Inside(Cubic(first, second, left, right), left, right, ref stalled);
                trial = Try(t, Unused(first.Gradient, second.Gradient));
                evaluations++;
                trials++;
                ref Trial lower = ref lowIsFirst ? ref first : ref second, higher = ref lowIsFirst ? ref second : ref first;
                if (Rises(trial) || trial.Loss >= lower.Loss)
                {
                    higher = trial;
                    lowIsFirst = first.Loss <= second.Loss;
                    continue;
                }
                if (IsFlat(trial))
                {
                    done = true;
                }
                else if (trial.Slope * (higher.T - lower.T) >= 0)
                {
                    higher = lower;
                }
                lower = trial;
            }
            low = lowIsFirst ? first : second;
        }
        _t = low.T;
        loss = low.Loss;
        if (!ReferenceEquals(low.Gradient, _gradient))
        {
            int place = Array.IndexOf(_trialGradients, low.Gradient);
            (_gradient, _trialGradients[place]) = (low.Gradient, _gradient);
        }
        return evaluations;

        Trial Try(double t, Buffer<T> gradient)
        {
            Move(t);
            try
            {
                Evaluate(closure, gradient, out double now);
                double along = Vectors.Dot<T>(gradient.Span, _direction.Span);
                return double.IsFinite(now) && double.IsFinite(along)
                    ? new(t, now, along, gradient)
                    : new(t, double.PositiveInfinity, 0, gradient);
            }
            finally
            {
                SetParameters(_start.Span);
            }
        }

        bool Rises(in Trial at) => at.Loss > start + (SufficientDecrease * at.T * slope);

        bool IsFlat(in Trial at) => Math.Abs(at.Slope) <= -Flatness * slope;
    }

    /// <summary>The trial gradient that belongs to neither end of the bracket.</summary>
    private Buffer<T> Unused(Buffer<T> first, Buffer<T> second)
    {
        foreach (Buffer<T> candidate in _trialGradients)
        {
            if (!ReferenceEquals(candidate, first) && !ReferenceEquals(candidate, second))
            {
                return candidate;
            }
        }
        throw new InvalidOperationException("Lbfgs: all three trial gradients are in use.");
    }

    /// <summary>
    /// Returns the trial t, or a point at a tenth of the bracket from its nearer end where t lies on that end or comes close to an end for
    /// the second time.
    /// </summary>
    private static double Inside(double t, double left, double right, ref bool stalled)
    {
        double margin = 0.1 * (right - left);
        if (Math.Min(right - t, t - left) >= margin)
        {
            stalled = false;
            return t;
        }
        if (!stalled && t < right && t > left)
        {
            stalled = true;
            return t;
        }
        stalled = false;
        return Math.Abs(t - right) < Math.Abs(t - left) ? right - margin : left + margin;
    }

    /// <summary>
    /// Returns the minimum, between the bounds, of the cubic through both ends with their slopes; the middle of the bounds if it has none
    /// or the loss at an end is infinite.
    /// </summary>
    private static double Cubic(in Trial a, in Trial b, double min, double max)
    {
        double d1 = a.Slope + b.Slope - (3 * (a.Loss - b.Loss) / (a.T - b.T)), square = (d1 * d1) - (a.Slope * b.Slope);
        if (square >= 0 && double.IsFinite(square))
        {
            double d2 = Math.Sqrt(square);
            double t = a.T <= b.T
                ? b.T - ((b.T - a.T) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2))))
                : a.T - ((a.T - b.T) * ((a.Slope + d2 - d1) / (a.Slope - b.Slope + (2 * d2))));
            if (double.IsFinite(t))
            {
                return Math.Min(Math.Max(t, min), max);
            }
        }
        return (min + max) / 2;
    }

    /// <summary>A step length with the loss, the slope along the direction and the gradient there.</summary>
    private readonly record struct Trial(double T, double Loss, double Slope, Buffer<T> Gradient);
}
