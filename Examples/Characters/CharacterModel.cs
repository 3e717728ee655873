using Engine;

namespace Examples.Characters;

/// <summary>
/// A network that reads characters and predicts the next one: vectors of the characters, gated recurrent units, a linear layer.
/// </summary>
internal sealed class CharacterModel : Layer<float>
{
    private const int Features = 32;
    private const double Dropped = 0.25;

    private readonly Embedding<float> _embedding;
    private readonly Gru<float> _units;
    private readonly Dropout<float> _dropout;
    private readonly Linear<float> _output;

    /// <summary>A model with new weights.</summary>
    /// <param name="symbols">The number of different characters.</param>
    /// <param name="hidden">The number of recurrent units.</param>
    /// <param name="key">The key of the weights.</param>
    public CharacterModel(int symbols, int hidden, RandomKey key)
    {
        _embedding = AddModule("embedding", new Embedding<float>(symbols, Features, key.Fold("embedding")));
        _units = AddModule("units", new Gru<float>(Features, hidden, key.Fold("units")));
        _dropout = AddModule("dropout", new Dropout<float>(Dropped, key.Fold("dropout")));
        _output = AddModule("output", new Linear<float>(hidden, symbols, key.Fold("output")));
    }

    /// <summary>The logits of the next character at each place.</summary>
    /// <param name="x">The numbers of characters, [pieces, length].</param>
    /// <returns>[pieces·length, symbols].</returns>
    public override Tensor<float> Forward(Tensor<float> x)
    {
        Tensor<float> states = _units.Forward(_embedding.Forward(x));
        return _output.Forward(_dropout.Forward(states.Reshape(x.Length, _units.HiddenSize)));
    }

    /// <summary>Writes on: draws one character after another from the model's probabilities.</summary>
    /// <param name="first">The character to begin after.</param>
    /// <param name="count">How many to draw.</param>
    /// <param name="temperature">What the logits are divided by: below 1 for likelier characters.</param>
    /// <param name="key">The key of the draws.</param>
    public IReadOnlyList<int> Sample(int first, int count, double temperature, RandomKey key)
    {
        int[] drawn = new int[count];
        Tensor<float> state = default;
        for (int i = 0; i < count; i++)
        {
            RecurrentResult<float> result = _units.Forward(_embedding.Forward([i == 0 ? first : drawn[i - 1]], 1, 1), state);
            state = result.Hidden;
            Tensor<float> probabilities = (_output.Forward(result.Output) * (1 / temperature)).Softmax();
            drawn[i] = Draw(probabilities.Span, key.Uniform(i));
        }
        return drawn;
    }

    /// <summary>The first one at which the sum of the probabilities is above a number from 0 to 1.</summary>
    private static int Draw(ReadOnlySpan<float> probabilities, double number)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            if (number < sum)
            {
                return i;
            }
        }
        return probabilities.Length - 1; // the sum is below 1 by rounding
    }
}
