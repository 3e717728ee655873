using System.Globalization;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

public sealed partial class Tape<T>
{
    private CallSites<T>? _sites;

    /// <summary>
    /// Whether Backward throws a <see cref="NonFiniteValueException"/> where the loss or a parameter's gradient is not finite. It then
    /// names the first operation with such a result, or with such a gradient of an input, its inputs, and the line that called it. Change
    /// it between recordings.
    /// </summary>
    /// <remarks>
    /// While all is finite, it costs a look at the loss and one more pass over the parameters' gradients. Numbers that are masked before
    /// they reach the loss are ignored, and so are recorded gradients (<c>tape.Gradient</c>). The line is that of the first recording with
    /// the same operations up to that place; in optimized code it may be that of the statement before.
    /// </remarks>
    public bool DetectsNonFinite
    {
        get => _sites is not null;
        set => _sites = value ? _sites ?? new CallSites<T>() : null;
    }

    /// <summary>
    /// Throws if the tensor to start from is not finite, and names the operation where that began: from the loss back, each time to the
    /// earliest input that is not finite, so that numbers which a mask hides are passed by.
    /// </summary>
    private void CheckForward(in Tensor<T> output)
    {
        if (_sites is null || Finite.All<T>(output.Span))
        {
            return;
        }
        if (output.Buffer.Parameter is { } parameter)
        {
            int element = NonFiniteValueException.FirstIn<T>(output.Span);
            throw new NonFiniteValueException(
                NonFinitePhase.Forward,
                nameof(Backward),
                $"the value of the parameter '{parameter.Name}'",
                element,
                double.CreateTruncating(output.Span[element]),
                "no operation came before",
                CallSite.OfCaller());
        }
        int place = output.Buffer.Node;
        for (int before = EarliestNonFiniteInput(place); before >= 0; before = EarliestNonFiniteInput(place))
        {
            place = before;
        }
        Tensor<T> result = _nodes[place].Output;
        throw Describe(NonFinitePhase.Forward, place, result, string.Create(
            CultureInfo.InvariantCulture, $"the result of operation {place + 1}, of shape {result.Shape}"));
    }

    /// <summary>The first operation whose result is an input of another and not finite; −1 if there is none.</summary>
    private int EarliestNonFiniteInput(int place)
    {
        int earliest = -1;
        foreach (Tensor<T> input in AllInputsOf(_nodes[place]))
        {
            if (ReferenceEquals(input.Buffer.Arena, _arena) && input.Buffer.Node is >= 0 and int from && from < place
                && !Finite.All<T>(input.Span))
            {
                earliest = earliest < 0 ? from : Math.Min(earliest, from);
            }
        }
        return earliest;
    }

    /// <summary>Whether the pass has given a parameter a gradient that is not finite.</summary>
    private bool HasNonFiniteGradient()
    {
        foreach ((Parameter<T> parameter, _, _) in _written)
        {
            if (!Finite.All<T>(parameter.Gradient.Span))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Throws if the operation's Backward has given one of its inputs a gradient that is not finite.</summary>
    private void CheckBackward(int place)
    {
        ref Node<T> node = ref _nodes[place];
        Check(node.A, "the first input");
        Check(node.B, "the second input");
        Check(node.C, "the third input");
        foreach (ref readonly Tensor<T> input in InputsOf(node))
        {
            Check(input, "an input");
        }

        void Check(in Tensor<T> input, string which)
        {
            if (!Tracks(input))
            {
                return;
            }
            Parameter<T>? parameter = input.Buffer.Parameter;
            Buffer<T>? gradient = parameter is null ? _nodes[input.Buffer.Node].Gradient
                : parameter.HasGradient ? parameter.GradientBuffer
                : null;
            if (gradient is not null && !Finite.All<T>(gradient.Span))
            {
                which = parameter is null ? which : $"the parameter '{parameter.Name}'";
                throw Describe(
                    NonFinitePhase.Backward,
                    place,
                    new Tensor<T>(gradient, input.Shape),
                    $"the gradient of {which}, of shape {input.Shape}");
            }
        }
    }

    private NonFiniteValueException Describe(NonFinitePhase phase, int place, in Tensor<T> tensor, string target)
    {
        int element = NonFiniteValueException.FirstIn<T>(tensor.Span);
        ref Node<T> node = ref _nodes[place];
        List<string> inputs = [];
        foreach (Tensor<T> input in AllInputsOf(node))
        {
            inputs.Add(Describe(input, tensor.Shape, element));
        }
        if (phase == NonFinitePhase.Backward)
        {
            inputs.Add("gradient of the result " + Describe(new Tensor<T>(node.Gradient!, node.Output.Shape), tensor.Shape, element));
        }
        return new NonFiniteValueException(
            phase,
            node.Op.Name,
            target,
            element,
            double.CreateTruncating(tensor.Span[element]),
            "its inputs were " + string.Join("; ", inputs),
            _sites!.At(place));
    }

    /// <summary>The inputs of a node that are there, in order.</summary>
    private IEnumerable<Tensor<T>> AllInputsOf(in Node<T> node)
    {
        Tensor<T>[] inputs = [node.A, node.B, node.C, .. InputsOf(node)];
        return inputs.Where(static input => !input.IsDefault);
    }

    /// <summary>An input's range, and its element in the same place if it has the same shape.</summary>
    private static string Describe(in Tensor<T> input, in Shape shape, int element)
    {
        string name = input.Buffer.Parameter is { } parameter ? $"'{parameter.Name}' " : "";
        if (input.Length <= 1)
        {
            return input.Length == 0
                ? $"{name}{input.Shape} without elements"
                : string.Create(CultureInfo.InvariantCulture, $"{name}{input.Span[0]}");
        }
        T low = TensorPrimitives.Min(input.Span), high = TensorPrimitives.Max(input.Span); // NaN if one is
        string there = input.Shape == shape ? string.Create(CultureInfo.InvariantCulture, $", {input.Span[element]} there") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name}{input.Shape} from {low} to {high}{there}");
    }
}
