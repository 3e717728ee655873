using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Makes one update from several micro-batches, as if they were one large batch: the gradients are weighted by the numbers of samples, and
/// added up in the parameters' own gradients. Steps, schedules and reports count updates, never micro-batches.
/// </summary>
/// <remarks>
/// <code>
/// g = Σ nᵢ·gᵢ / Σ nᵢ over the micro-batches i of an update, gᵢ the gradient of the mean loss over nᵢ samples
/// </code>
/// The division is part of the sweep, so that accumulation costs neither memory nor a pass over it. What the step does with gradients, such
/// as transforms and clipping, it does with g, once for each update.
/// </remarks>
/// <example>
/// <code>
/// var accumulation = new GradientAccumulation&lt;float&gt;(optimizer, microBatches: 4);
/// foreach (Batch batch in batches)
/// {
///     using (tape.Record())
///     {
///         Tensor&lt;float&gt; loss = model.Forward(batch.Inputs).CrossEntropy(batch.Classes);
///         if (accumulation.Backward(tape, loss, batch.Count) is { } report)
///         {
///             Console.WriteLine(report); // an update was made
///         }
///     }
/// }
/// accumulation.Flush(); // the micro-batches left at the end of the epoch
/// </code>
/// </example>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GradientAccumulation<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private Tensor<T> _seed;

    /// <summary>Accumulates gradients for an optimizer; call the methods of this object instead of its step.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="microBatches">The number of micro-batches in an update, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of micro-batches is below 1.</exception>
    public GradientAccumulation(Optimizer<T> optimizer, int microBatches)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        CheckPositive(microBatches, nameof(microBatches));
        Optimizer = optimizer;
        MicroBatches = microBatches;
    }

    /// <summary>The optimizer that makes the updates.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The number of micro-batches in an update.</summary>
    public int MicroBatches { get; }

    /// <summary>The number of micro-batches whose gradients wait for the next update.</summary>
    public int Accumulated { get; private set; }

    /// <summary>The number of samples in those micro-batches.</summary>
    public long Samples { get; private set; }

    /// <summary>
    /// Runs the backward pass of a micro-batch, and makes the update if it was the last one of it. Before the first micro-batch of an
    /// update all gradients of the optimizer are cleared.
    /// </summary>
    /// <param name="tape">The tape that has recorded the loss.</param>
    /// <param name="loss">The mean of the loss over the samples of the micro-batch, one element.</param>
    /// <param name="samples">The number of samples that it is the mean of, at least 1; where all are of one size, 1 will do.</param>
    /// <returns>What the step did if an update was made, else null.</returns>
    /// <exception cref="ArgumentException">The loss has not exactly one element.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The step of this update has thrown: call <see cref="Flush"/> to try it again, or <see cref="Discard"/>. Or the backward pass or the
    /// step cannot run: see <see cref="Tape{T}.Backward(in Tensor{T})"/> and <see cref="Optimizer{T}.Step"/>.
    /// </exception>
    /// <exception cref="ArithmeticException">
    /// The update was due, a gradient is not finite and the policy is <see cref="NonFinite.Throw"/>; the gradients are kept.
    /// </exception>
    public StepReport? Backward(Tape<T> tape, in Tensor<T> loss, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(tape);
        CheckPositive(samples, nameof(samples));
        if (loss.Length != 1)
        {
            throw new ArgumentException(
                $"GradientAccumulation: got a loss of shape {loss.Shape}, expected one element: the mean over the samples.", nameof(loss));
        }
        if (Accumulated >= MicroBatches)
        {
            throw new InvalidOperationException(
                $"GradientAccumulation: got a micro-batch after {Accumulated} of {MicroBatches}, whose update has thrown; expected a call "
                    + "of Flush, which tries it again, or of Discard.");
        }
        if (Accumulated == 0)
        {
            Optimizer.ClearGradients();
        }
        if (_seed.IsDefault || _seed.Shape != loss.Shape)
        {
            _seed = Tensor<T>.Zeros(loss.Shape);
        }
        _seed.Output[0] = T.CreateTruncating(samples);
        tape.Backward(loss, _seed);
        Accumulated++;
        Samples += samples;
        return Accumulated == MicroBatches ? Flush() : null;
    }

    /// <summary>
    /// Makes the update with the micro-batches that there are: those left at the end of an epoch, which are fewer than
    /// <see cref="MicroBatches"/>. They have the weight of a whole update, as a smaller last batch has. If the step throws, the gradients
    /// are kept.
    /// </summary>
    /// <returns>What the step did, or null if no micro-batch was waiting.</returns>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scheduled hyperparameter is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The optimizer cannot make a step now.</exception>
    public StepReport? Flush()
    {
        if (Accumulated == 0)
        {
            return null;
        }
        StepReport report = Optimizer.StepWeighted(1.0 / Samples);
        Accumulated = 0;
        Samples = 0;
        return report;
    }

    /// <summary>Drops the micro-batches that wait for their update, and clears the gradients of the optimizer.</summary>
    /// <exception cref="InvalidOperationException">A call of the optimizer is running.</exception>
    public void Discard()
    {
        Optimizer.ClearGradients();
        Accumulated = 0;
        Samples = 0;
    }

    /// <summary>
    /// A copy of what waits for the next update. With it, the parameters and the optimizer's state, a training that was stopped between two
    /// micro-batches continues bit for bit.
    /// </summary>
    public GradientAccumulationState<T> SaveState() => new(
        Accumulated, Samples,
        Accumulated == 0
            ? new Dictionary<string, Tensor<T>>()
            : Parameters().Where(parameter => parameter.HasGradient)
                .ToDictionary(parameter => parameter.Name, parameter => parameter.Gradient.Clone()));

    /// <summary>Replaces what waits for the next update, and the gradients of the optimizer. If it throws, nothing was changed.</summary>
    /// <exception cref="ArgumentException">
    /// The state has other numbers than an accumulation of <see cref="MicroBatches"/> can have, or gradients that do not fit the
    /// optimizer's parameters; the message lists them.
    /// </exception>
    /// <exception cref="InvalidOperationException">A call of the optimizer is running.</exception>
    public void LoadState(GradientAccumulationState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(state.Gradients, nameof(state));
        if (state.Accumulated < 0 || state.Accumulated > MicroBatches || state.Samples < state.Accumulated
            || (state.Accumulated == 0 && state.Samples + state.Gradients.Count != 0))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"LoadState: got {state.Accumulated} micro-batches of {state.Samples} samples with {state.Gradients.Count} gradients, "
                        + $"expected 0 to {MicroBatches} micro-batches, each of at least one sample, and no gradients without any."),
                nameof(state));
        }
        Dictionary<string, Parameter<T>> parameters = Parameters().ToDictionary(parameter => parameter.Name);
        List<string> differences = [];
        foreach ((string name, Tensor<T> gradient) in state.Gradients)
        {
            if (!parameters.TryGetValue(name, out Parameter<T>? parameter))
            {
                differences.Add($"- {name}: in the state, not in the optimizer");
            }
            else if (gradient.IsDefault || gradient.Shape != parameter.Shape)
            {
                string got = gradient.IsDefault ? "no tensor" : $"the shape {gradient.Shape}";
                differences.Add($"- {name}: got {got}, expected {parameter.Shape}");
            }
        }
        if (differences.Count > 0)
        {
            throw new ArgumentException(
                string.Join(Environment.NewLine, differences.Prepend("LoadState: the gradients do not fit the optimizer:")), nameof(state));
        }
        Optimizer.ClearGradients();
        foreach ((string name, Tensor<T> gradient) in state.Gradients)
        {
            parameters[name].SetGradient(gradient);
        }
        Accumulated = state.Accumulated;
        Samples = state.Samples;
    }

    /// <summary>How many of the micro-batches of the next update there are.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"GradientAccumulation: {Accumulated} of {MicroBatches} micro-batches, {Samples} samples");

    private IEnumerable<Parameter<T>> Parameters() => Optimizer.Groups.SelectMany(group => group.Parameters);

    private static void CheckPositive(int value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"GradientAccumulation: got {name} = {value}, expected at least 1."));
        }
    }
}
